import { describe, expect, it } from 'vitest';
import { readOnce } from '../../../src/core/formats/read-once';
import type { ModelSource } from '../../../src/core/formats/format';
import { noise } from '../onnx/models';

const size = 97;
const content = Uint8Array.from({ length: size }, (_, index) => index);

/** A file and one beside it, both of `content`, that count how often each byte is read. */
function counted(): { readonly source: ModelSource; readonly counts: Uint8Array; readonly siblingCounts: Uint8Array } {
  const [counts, siblingCounts] = [new Uint8Array(size), new Uint8Array(size)];
  const read = (of: Uint8Array, offset: number, length: number): Promise<Uint8Array> => {
    const bytes = content.subarray(offset, offset + length);
    for (let index = 0; index < bytes.length; index++) of[offset + index]! += 1;
    return Promise.resolve(bytes);
  };
  return {
    counts,
    siblingCounts,
    source: {
      path: 'model',
      size,
      read: (offset, length) => read(counts, offset, length),
      readSibling: (path) => (path === 'weights' ? read(siblingCounts, 0, size) : Promise.resolve(undefined)),
      siblingSize: (path) => Promise.resolve(path === 'weights' ? size : undefined),
      readSiblingRange: (path, offset, length) => (path === 'weights' ? read(siblingCounts, offset, length) : Promise.resolve(undefined)),
    },
  };
}

describe('a source that is read once', () => {
  it('answers any reads in any order with the right bytes, and fetches each byte at most once', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { source, counts, siblingCounts } = counted();
      const once = readOnce(source);
      const places = [...noise(60, seed)].map((value) => Math.floor(((value + 1) / 2) * (size + 8)));
      for (let index = 0; index + 1 < places.length; index += 2) {
        const [offset, length] = [places[index]!, places[index + 1]! % 31];
        const expected = content.subarray(offset, offset + length);
        expect(await once.source.read(offset, length)).toEqual(expected);
        expect(await once.source.readSiblingRange('weights', offset, length)).toEqual(expected);
      }
      expect(Math.max(...counts, ...siblingCounts)).toBe(1);
    }
  });

  it('knows no file that does not exist', async () => {
    expect(await readOnce(counted().source).source.readSiblingRange('other', 0, 4)).toBeUndefined();
  });

  it('gives a file beside the model whole without reading again what was read of it, and forgets it', async () => {
    const { source, siblingCounts } = counted();
    const once = readOnce(source);
    await once.source.readSiblingRange('weights', 10, 20);
    await once.source.readSiblingRange('weights', 50, 5);
    expect(await once.source.readSibling('weights')).toEqual(content);
    expect([...siblingCounts]).toEqual([...content].map(() => 1));
    expect(await once.source.readSibling('other')).toBeUndefined();
    await once.source.readSiblingRange('weights', 10, 20);
    expect(siblingCounts[10]).toBe(2);
  });

  it('only passes reads on once it is released', async () => {
    const { source, counts } = counted();
    const once = readOnce(source);
    await once.source.read(0, 8);
    once.release();
    expect(await once.source.read(4, 8)).toEqual(content.subarray(4, 12));
    expect([...counts.subarray(0, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1]);
  });
});
