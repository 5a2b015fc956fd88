import path from 'node:path';
import { disk, ifExists, type WritingFileSystem } from './file-system';
import { removeLeftovers } from './leftovers';
import { holdsBytes } from './same-bytes';
import type { Content } from './temporary-content';
import { writeFiles } from './write-files';

/**
 * Writes one file as a whole or not at all, as `writeFiles` does, and replaces what lies there: for files that the user has named, or
 * that are ours alone.
 *
 * @throws ModelError `unwritable`
 */
export async function atomicWrite(file: string, bytes: Content, fileSystem: WritingFileSystem = disk): Promise<void> {
  await writeFiles({ beside: [], main: { file, bytes }, mayReplace: true }, fileSystem);
}

/** The same for a file that must not be there yet. @throws ModelError `unwritable`, also where it is */
export async function writeNew(file: string, bytes: Content, fileSystem: WritingFileSystem = disk): Promise<void> {
  await writeFiles({ beside: [], main: { file, bytes }, mayReplace: false }, fileSystem);
}

/**
 * Makes a file that must not be there yet, unless these very bytes lie there: a run that was killed may have got so far.
 *
 * @returns false where they do @throws ModelError `unwritable` where another file is there
 */
export async function writeUnlessThere(file: string, bytes: Uint8Array, fileSystem: WritingFileSystem = disk): Promise<boolean> {
  // Nothing is written beside what such a run has finished, so nothing else looks there for what it left.
  await removeLeftovers(path.dirname(file), fileSystem);
  const present = await ifExists(() => fileSystem.stat(file));
  const part = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  if (present?.isFile() === true && (await holdsBytes(file, bytes.length, part))) return false;
  await writeNew(file, bytes, fileSystem);
  return true;
}
