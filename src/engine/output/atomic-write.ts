import { randomBytes } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a whole file or nothing, so that a crash leaves either the old or the new bytes, never a mixture: into a temporary
 * neighbour first, which is then renamed over the target. Links are followed, a file that is replaced keeps its mode, and folders
 * that are missing are made. Content that comes piece by piece is never held whole.
 * @throws NodeJS.ErrnoException where it cannot be written
 */
export async function atomicWrite(file: string, bytes: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void> {
  const target = (await ifExists(() => realpath(file))) ?? file;
  const mode = await ifExists(async () => (await stat(target)).mode);
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = path.join(path.dirname(target), `.shiftlint-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeThrough(temporary, bytes, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes a file whose bytes are on the disk, not merely on the way there. */
async function writeThrough(path: string, bytes: Parameters<typeof atomicWrite>[1], mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, bytes);
    // Given to `open`, the mode would lose what the process's mask withholds from new files.
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function ifExists<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
