import type { ModelSource } from './format';

/** Bytes compared at a time. */
const stepLength = 1 << 20;

/**
 * A name for a new file beside a model: one that is free, or whose file holds these very bytes, which an editor that ended before the
 * model was saved may have left.
 *
 * @param nameOf the names that come into question, from 1 on @param taken by other new files
 */
export async function freeFileName(
  source: Pick<ModelSource, 'siblingSize' | 'readSiblingRange'>,
  bytes: Uint8Array,
  nameOf: (count: number) => string,
  taken: readonly string[] = [],
): Promise<string> {
  for (let count = 1; ; count++) {
    const name = nameOf(count);
    if (taken.includes(name)) continue;
    const size = await source.siblingSize(name);
    if (size === undefined || (size === bytes.length && (await holds(source, name, bytes)))) return name;
  }
}

async function holds(source: Pick<ModelSource, 'readSiblingRange'>, name: string, bytes: Uint8Array): Promise<boolean> {
  for (let offset = 0; offset < bytes.length; offset += stepLength) {
    const wanted = bytes.subarray(offset, offset + stepLength);
    const present = await source.readSiblingRange(name, offset, wanted.length);
    if (present?.length !== wanted.length || wanted.some((byte, index) => byte !== present[index])) return false;
  }
  return true;
}
