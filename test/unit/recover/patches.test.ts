import { expect, test } from 'vitest';
import { windowTaps, writePatch, type PatchSource, type PatchWindow } from '../../../src/core/recover/patches';

/** The channel in hundreds, then the row and the column, so that every number says where it comes from. */
function map(layout: PatchSource['layout'], channels: number, [height, width]: readonly [number, number]): PatchSource {
  const data = new Float32Array(7 + channels * height * width);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const place = layout === 'channels-first' ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
        data[7 + place] = 100 * (channel + 1) + 10 * y + x;
      }
  return { data, offset: 7, layout, channels, size: [height, width] };
}

function patch(source: PatchSource, window: PatchWindow, group: { first: number; count: number }, position: readonly number[]): number[] {
  const unknowns = group.count * window.kernel.reduce((product, length) => product * length, 1);
  const target = { data: new Float64Array(2 + unknowns).fill(-1), offset: 1 };
  writePatch(target, source, windowTaps(source, window, position), group);
  expect([target.data[0], target.data.at(-1)]).toEqual([-1, -1]);
  return [...target.data.subarray(1, -1)];
}

const window: PatchWindow = { kernel: [2, 3], stride: [2, 1], dilation: [1, 2], begin: [1, 1] };

test.each(['channels-first', 'channels-last'] as const)('windows of %s: stride, dilation, padding, groups', (layout) => {
  const source = map(layout, 4, [4, 6]);
  expect(patch(source, window, { first: 0, count: 2 }, [0, 0])).toEqual([0, 0, 0, 0, 101, 103, 0, 0, 0, 0, 201, 203]);
  expect(patch(source, window, { first: 2, count: 1 }, [1, 1])).toEqual([310, 312, 314, 320, 322, 324]);
  // Beyond the last column and row.
  expect(patch(source, window, { first: 0, count: 1 }, [2, 3])).toEqual([132, 134, 0, 0, 0, 0]);
});

test('negative padding crops', () => {
  const cropped: PatchWindow = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], begin: [-1, -2] };
  expect(patch(map('channels-first', 1, [4, 6]), cropped, { first: 0, count: 1 }, [0, 0])).toEqual([112]);
});

test('a vector is a patch by itself', () => {
  const vector: PatchSource = { data: Float32Array.of(9, 1, 2, 3), offset: 1, layout: 'channels-last', channels: 3, size: [] };
  expect(patch(vector, { kernel: [], stride: [], dilation: [], begin: [] }, { first: 0, count: 3 }, [])).toEqual([1, 2, 3]);
});
