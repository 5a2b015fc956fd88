import path from 'node:path';
import { t } from '@vscode/l10n';
import { disk, hasCode, ifExists, type WritingFileSystem } from './file-system';
import { removeLeftovers } from './leftovers';
import { syncFolder, writeTemporary, type Content } from './temporary-content';
import { temporaryNames } from './temporary-file';
import { writeFailure, unwritable } from './write-failure';
import { writeTarget } from './write-target';

/** A file and what it is to hold. */
export interface NewContent {
  readonly file: string;
  readonly bytes: Content;
}

/** Files that belong together. */
export interface FileSet {
  /** What the main file needs, under names that nothing has yet. */
  readonly beside: readonly NewContent[];
  /** Put in place last: until then what lay there before is whole, and afterwards all of the set is. */
  readonly main: NewContent;
  /** True where the main file may replace one, which is so only where the user has named that very file. */
  readonly mayReplace: boolean;
  /** A last look before anything is put in place, which throws where nothing shall be. */
  readonly confirm?: () => Promise<void> | void;
}

/** A file of a set on its way. */
interface Waiting {
  readonly file: string;
  readonly temporary: string;
  readonly target: string;
}

/**
 * Writes files so that a crash at any moment leaves either what was there or the whole set, never a part that is used: temporary
 * neighbours first, on the disk and not merely on the way there, which are then put in place, the main file last. Links are followed
 * and left, a file that is replaced keeps its mode and owner (other hard links to it keep the old bytes), missing folders are made,
 * and what killed runs have left in these folders is removed.
 *
 * @returns the files written, in order @throws ModelError `unwritable`: then everything is as it was
 */
export async function writeFiles(set: FileSet, fileSystem: WritingFileSystem = disk): Promise<readonly string[]> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await writeSet(set, fileSystem, undo);
    return [...set.beside, set.main].map(({ file }) => file);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

async function writeSet({ beside, main, mayReplace, confirm }: FileSet, fileSystem: WritingFileSystem, undo: (() => Promise<unknown>)[]) {
  const nameOf = temporaryNames();
  const waiting: Waiting[] = [];
  for (const [index, { file, bytes }] of [main, ...beside].entries()) {
    await naming(file, async () => {
      const { path: target, present } = await writeTarget(file, fileSystem);
      if (present !== undefined && (index > 0 || !mayReplace)) throw existing(file);
      const folder = path.dirname(target);
      await makeFolder(folder, fileSystem, undo);
      await removeLeftovers(folder, fileSystem);
      const temporary = path.join(folder, nameOf(index));
      undo.push(() => fileSystem.rm(temporary, { force: true }));
      await writeTemporary(temporary, bytes, present, fileSystem);
      waiting.push({ file, temporary, target });
    });
  }
  await confirm?.();
  const [last, ...others] = waiting;
  if (last === undefined) return;
  for (const { file, temporary, target } of others) {
    await naming(file, () => placeNew(file, temporary, target, fileSystem, undo));
  }
  for (const folder of new Set(others.map(({ target }) => path.dirname(target)))) await syncFolder(folder, fileSystem);
  await naming(last.file, async () => {
    if (mayReplace) await fileSystem.rename(last.temporary, last.target);
    else await placeNew(last.file, last.temporary, last.target, fileSystem, undo);
  });
  // What has been put in place stays, whatever happens to the rest.
  undo.length = 0;
  await syncFolder(path.dirname(last.target), fileSystem).catch(() => undefined);
  for (const { temporary } of waiting) await fileSystem.rm(temporary, { force: true }).catch(() => undefined);
}

/** Gives a temporary file its name unless something has it by now. The temporary name stays too, where files can have two. */
async function placeNew(
  file: string,
  temporary: string,
  target: string,
  fileSystem: WritingFileSystem,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  try {
    await fileSystem.link(temporary, target);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EINVAL', 'UNKNOWN')) throw error;
    // This file system knows no links.
    if ((await ifExists(() => fileSystem.lstat(target))) !== undefined) throw existing(file);
    await fileSystem.rename(temporary, target);
  }
  undo.push(() => fileSystem.rm(target, { force: true }));
}

async function makeFolder(folder: string, fileSystem: WritingFileSystem, undo: (() => Promise<unknown>)[]): Promise<void> {
  const first = await firstMade(folder, fileSystem);
  if (first === undefined) return;
  const made = [folder];
  for (let parent = folder; path.relative(first, parent) !== ''; made.unshift(parent)) parent = path.dirname(parent);
  undo.push(...made.map((path) => () => fileSystem.rmdir(path)));
}

/** Makes a folder and those that it lies in; the outermost one that was not there. */
async function firstMade(folder: string, fileSystem: WritingFileSystem): Promise<string | undefined> {
  try {
    return await fileSystem.mkdir(folder, { recursive: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    // Node.js (20) tells this of read-only file systems too: one folder alone is refused with the reason.
    await fileSystem.mkdir(folder);
    return folder;
  }
}

function existing(file: string): Error {
  return unwritable(file, t('there is a file of that name, which stays as it is. Choose another name'));
}

async function naming<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeFailure(file, error);
  }
}
