import { constants, type Stats } from 'node:fs';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { disk, ifExists, type WritingFileSystem } from './file-system';
import { removeLeftovers } from './leftovers';
import { unwritable, writeFailure } from './write-failure';

/** Where bytes for a file really go. */
export interface WriteTarget {
  /** The file itself, at the end of any links. */
  readonly path: string;
  /** What lies there now. */
  readonly present: Stats | undefined;
}

/**
 * Follows links to the file that is to be written, and says at once where it cannot be.
 *
 * @throws ModelError `unwritable` for folders, devices, pipes, read-only files and links that lead nowhere
 */
export async function writeTarget(file: string, fileSystem: WritingFileSystem): Promise<WriteTarget> {
  const entry = await ifExists(() => fileSystem.lstat(file));
  if (entry === undefined) return { path: path.resolve(file), present: undefined };
  const target = await ifExists(() => fileSystem.realpath(file));
  if (target === undefined) throw unwritable(file, t('it is a link to a file that does not exist. Name that file itself'));
  const present = await fileSystem.stat(target);
  if (present.isDirectory()) throw unwritable(file, t('it is a folder. Name a file'));
  if (!present.isFile()) throw unwritable(file, t('it is no regular file. Name one'));
  // The permissions bind everybody but the system's administrator, who means them no less.
  if ((present.mode & 0o222) === 0) throw unwritable(file, t('it is read-only. Make it writable, or write elsewhere'));
  await fileSystem.access(target, constants.W_OK);
  return { path: target, present };
}

/**
 * Says at once, before anything is computed, where a file cannot be written, and removes what killed runs have left beside it.
 *
 * @throws ModelError `unwritable`
 */
export async function requireWritable(file: string): Promise<void> {
  try {
    const target = await writeTarget(file, disk);
    await removeLeftovers(path.dirname(target.path), disk);
  } catch (error) {
    throw writeFailure(file, error);
  }
}
