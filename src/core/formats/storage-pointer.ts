/** How the pointer files of Git LFS begin; they are far shorter than this. */
const beginning = 'version https://git-lfs.github.com/spec/';
const longest = 1024;

/** True for a file that Git LFS left in place of another: a few lines that say which. @param read the first bytes */
export async function isStoragePointer(size: number, read: (length: number) => Promise<Uint8Array | undefined>): Promise<boolean> {
  if (size < beginning.length || size > longest) return false;
  const head = await read(beginning.length);
  return head !== undefined && String.fromCharCode(...head) === beginning;
}
