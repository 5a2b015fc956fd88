import path from 'node:path';
import { ifExists, type WritingFileSystem } from './file-system';
import { isAbandoned, parseTemporaryName } from './temporary-file';

/** A folder that many files are written to one after the other is looked through once in this time. */
const lookAgainMs = 1000;
let latest = { folder: '', sinceMs: 0 };

/** Removes what runs that were killed have left in a folder; what belongs to a run that goes on stays. Never fails. */
export async function removeLeftovers(folder: string, fileSystem: WritingFileSystem): Promise<void> {
  const sinceMs = performance.now();
  if (latest.folder === folder && sinceMs - latest.sinceMs < lookAgainMs) return;
  latest = { folder, sinceMs };
  try {
    const names = await fileSystem.readdir(folder);
    for (const set of abandonedCandidates(names)) await removeSet(folder, names, set, fileSystem);
  } catch {
    // Another run may be removing the same files, and a folder that cannot be listed can still be written to.
  }
}

interface TemporarySet {
  /** By their place in the set. */
  readonly files: Map<number, string>;
}

function abandonedCandidates(names: readonly string[]): readonly TemporarySet[] {
  const sets = new Map<string, TemporarySet>();
  for (const name of names) {
    const parsed = parseTemporaryName(name);
    if (parsed === undefined) continue;
    const set = sets.get(parsed.set) ?? { files: new Map<number, string>() };
    sets.set(parsed.set, set);
    set.files.set(parsed.index, name);
  }
  return [...sets.values()];
}

/**
 * Files of a set are put in place by links, the last one by a rename: as long as its temporary file is there and is nothing else's
 * name, the set was not finished, and what has been put in place of it serves nobody.
 */
async function removeSet(folder: string, names: readonly string[], { files }: TemporarySet, fileSystem: WritingFileSystem): Promise<void> {
  const entries = await Promise.all(
    [...files].map(async ([index, name]) => ({ index, name, stats: await ifExists(() => fileSystem.lstat(path.join(folder, name))) })),
  );
  for (const { name, stats } of entries) {
    const parsed = parseTemporaryName(name);
    if (parsed === undefined || (stats !== undefined && !(stats.isFile() && isAbandoned(parsed, stats.mtimeMs)))) return;
  }
  const last = entries.find(({ index }) => index === 0)?.stats;
  const isUnfinished = last !== undefined && last.nlink === 1;
  // The last file of the set tells that it is unfinished, so it goes last.
  for (const { index, name, stats } of entries.sort((a, b) => b.index - a.index)) {
    if (isUnfinished && index > 0 && stats !== undefined && stats.nlink > 1) await removeOtherNames(folder, names, stats, fileSystem);
    await fileSystem.rm(path.join(folder, name), { force: true });
  }
}

async function removeOtherNames(
  folder: string,
  names: readonly string[],
  { ino, dev }: { readonly ino: number; readonly dev: number },
  fileSystem: WritingFileSystem,
): Promise<void> {
  for (const name of names) {
    if (parseTemporaryName(name) !== undefined) continue;
    const stats = await ifExists(() => fileSystem.lstat(path.join(folder, name)));
    if (stats?.ino === ino && stats.dev === dev) await fileSystem.rm(path.join(folder, name), { force: true });
  }
}
