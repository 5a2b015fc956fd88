import { expect, it } from 'vitest';
import { wrapIndex } from '../../../src/core/graph/circle';
import { rollInto } from '../../../src/core/equivariance/walk/roll';
import { randomNumbers } from './brute-force';

it.each(['channels-first', 'channels-last'] as const)('rolls a map by any amount, as the definition says, %s', (layout) => {
  const [channels, height, width] = [3, 4, 5];
  const geometry = { layout, channels, size: [height, width] } as const;
  const source = Float32Array.from(randomNumbers(channels * height * width, 3));
  const place = (channel: number, y: number, x: number): number =>
    layout === 'channels-first' ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
  for (let down = -height; down <= height; down++) {
    for (let right = -width; right <= width; right++) {
      const target = new Float32Array(2 + source.length).fill(-1);
      rollInto(target, 1, source, geometry, [down, right]);
      const expected = new Float32Array(target.length).fill(-1);
      for (let channel = 0; channel < channels; channel++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            expected[1 + place(channel, y, x)] = source[place(channel, wrapIndex(y - down, height), wrapIndex(x - right, width))]!;
      expect(target).toEqual(expected);
    }
  }
});
