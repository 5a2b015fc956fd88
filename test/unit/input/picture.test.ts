import { describe, expect, it } from 'vitest';
import { preprocessingPresets, preprocessingNames } from '../../../src/core/input/preprocessing';
import { prepareInput } from '../../../src/engine/input/input';
import { pictureOf } from '../../../src/engine/input/picture';
import { testPattern } from '../../../src/engine/input/test-pattern';

describe('the picture of an input', () => {
  it.each(preprocessingNames.flatMap((name) => (['channels-first', 'channels-last'] as const).map((layout) => [name, layout] as const)))(
    'is what it was before it was scaled (%s, %s)',
    async (name, layout) => {
      const preprocessing = preprocessingPresets[name];
      const input = await prepareInput({ kind: 'pattern' }, { layout, images: [{ channels: 3 }], size: [8, 6], preprocessing });
      const planes = testPattern([8, 6], 3);
      expect(pictureOf(input, { layout, channels: 3, preprocessing })).toEqual({
        size: [8, 6],
        rgb: Uint8Array.from({ length: 8 * 6 * 3 }, (_, index) => Math.round(planes[index % 3]!.data[Math.floor(index / 3)]! * 255)),
      });
    },
  );

  it('of a tensor goes from its lowest value to its highest, grey where it has one channel', () => {
    const input = { data: Float32Array.of(-2, 0, 2, 1), dims: [1, 1, 2, 2] };
    expect(pictureOf(input, { layout: 'channels-first', channels: 1 })).toEqual({
      size: [2, 2],
      rgb: Uint8Array.of(0, 0, 0, 128, 128, 128, 255, 255, 255, 191, 191, 191),
    });
  });

  it('is bounded, and is that of the first of several images', () => {
    const input = { data: new Float32Array(2 * 600 * 300).fill(3), dims: [1, 2, 600, 300] };
    input.data.fill(0, 0, 600 * 300);
    const picture = pictureOf(input, { layout: 'channels-first', channels: 1, preprocessing: preprocessingPresets.unit });
    expect(picture?.size).toEqual([256, 128]);
    expect(picture?.rgb.every((value) => value === 0)).toBe(true);
  });

  it.each([
    ['signals', [1, 1, 9], 1],
    ['two channels', [1, 2, 2, 2], 2],
  ] as const)('is none for %s', (_, dims, channels) => {
    const input = { data: new Float32Array(dims.reduce<number>((product, length) => product * length, 1)), dims };
    expect(pictureOf(input, { layout: 'channels-first', channels })).toBeUndefined();
  });
});
