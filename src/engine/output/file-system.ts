import * as promises from 'node:fs/promises';

/** What writing needs of a file system; tests hand over one that fails. */
export type WritingFileSystem = Pick<
  typeof promises,
  'access' | 'link' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename' | 'rm' | 'rmdir' | 'stat'
>;

/** The disk. */
export const disk: WritingFileSystem = promises;

/** True for an error of the file system with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** What a look at a file gives; undefined where there is none. */
export async function ifExists<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
