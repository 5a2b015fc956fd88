import { open } from 'node:fs/promises';

/** Bytes compared at a time. */
const stepLength = 1 << 20;

/**
 * Whether a file holds so many bytes and these very ones.
 *
 * @param wanted some of them, for a step of the comparison; fewer, or none, are other bytes
 */
export async function holdsBytes(
  file: string,
  size: number,
  wanted: (offset: number, length: number) => Uint8Array | undefined | Promise<Uint8Array | undefined>,
): Promise<boolean> {
  const present = await open(file, 'r');
  try {
    if ((await present.stat()).size !== size) return false;
    const found = Buffer.alloc(Math.min(stepLength, size));
    for (let offset = 0; offset < size; offset += stepLength) {
      const length = Math.min(stepLength, size - offset);
      const bytes = await wanted(offset, length);
      const { bytesRead } = await present.read(found, 0, length, offset);
      if (bytes?.length !== length || bytesRead !== length || found.compare(bytes, 0, length, 0, length) !== 0) return false;
    }
    return true;
  } finally {
    await present.close();
  }
}
