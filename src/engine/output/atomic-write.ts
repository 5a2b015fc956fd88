import { disk, type WritingFileSystem } from './file-system';
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
