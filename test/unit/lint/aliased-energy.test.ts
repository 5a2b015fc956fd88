import { describe, expect, it } from 'vitest';
import type { KernelSample } from '../../../src/core/graph/model-graph';
import { aliasedEnergy } from '../../../src/core/lint/aliased-energy';

const sample = (shape: readonly number[], values: readonly number[]): KernelSample => ({ shape, values: Float32Array.from(values) });

/** Energy outside |omega| < pi / s by summing |W|^2 over a fine grid of frequencies, axis by axis complex sums. */
function bruteForce({ shape, values }: KernelSample, stride: readonly number[], dilation: readonly number[]): number {
  const steps = 240;
  const [height, width] = [shape[0]!, shape[1] ?? 1];
  let [outside, total] = [0, 0];
  for (let a = 0; a < steps; a++) {
    for (let b = 0; b < steps; b++) {
      const [u, v] = [-Math.PI + (2 * Math.PI * (a + 0.5)) / steps, -Math.PI + (2 * Math.PI * (b + 0.5)) / steps];
      let [real, imaginary] = [0, 0];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const phase = u * y * dilation[0]! + v * x * (dilation[1] ?? 1);
          real += values[y * width + x]! * Math.cos(phase);
          imaginary -= values[y * width + x]! * Math.sin(phase);
        }
      }
      const energy = real ** 2 + imaginary ** 2;
      total += energy;
      if (Math.abs(u) > Math.PI / stride[0]! || Math.abs(v) > Math.PI / (stride[1] ?? 1)) outside += energy;
    }
  }
  return outside / total;
}

describe('aliasedEnergy', () => {
  it.each<[string, KernelSample, readonly number[], readonly number[]]>([
    ['an edge detector', sample([3, 3], [-1, 0, 1, -2, 0, 2, -1, 0, 1]), [2, 2], [1, 1]],
    ['noise', sample([3, 3], [0.3, -0.8, 0.1, 0.9, 0.2, -0.5, 0.7, -0.1, 0.4]), [2, 2], [1, 1]],
    ['Tri-3', sample([3, 3], [1, 2, 1, 2, 4, 2, 1, 2, 1]), [2, 2], [1, 1]],
    ['a stride along one axis', sample([3, 2], [1, 2, 3, -1, 0.5, 2]), [1, 2], [1, 1]],
    [
      'stride 3',
      sample(
        [5, 3],
        Array.from({ length: 15 }, (_, index) => Math.sin(index)),
      ),
      [3, 3],
      [1, 1],
    ],
    [
      'stride 4 and 2',
      sample(
        [4, 4],
        Array.from({ length: 16 }, (_, index) => Math.cos(index * index)),
      ),
      [4, 2],
      [1, 1],
    ],
    ['a dilated kernel', sample([3, 3], [1, 2, 1, 2, 4, 2, 1, 2, 1]), [2, 2], [2, 2]],
  ])('of %s is what the spectrum says', (_, kernels, stride, dilation) => {
    expect(aliasedEnergy(kernels, stride, dilation)).toBeCloseTo(bruteForce(kernels, stride, dilation), 2);
  });

  it('is 1 - 1 / (s_y s_x) for a single tap, whose spectrum is white', () => {
    expect(aliasedEnergy(sample([3, 3], [0, 0, 0, 0, 2, 0, 0, 0, 0]), [2, 2], [1, 1])).toBeCloseTo(0.75, 12);
    expect(aliasedEnergy(sample([3, 3], [0, 0, 0, 0, 2, 0, 0, 0, 0]), [4, 2], [1, 1])).toBeCloseTo(7 / 8, 12);
  });

  it('falls from filter to filter: Rect-2 0.33, Tri-3 0.15, Bin-5 0.03', () => {
    const square = (taps: readonly number[]): KernelSample =>
      sample(
        [taps.length, taps.length],
        taps.flatMap((a) => taps.map((b) => a * b)),
      );
    const shares = [
      [1, 1],
      [1, 2, 1],
      [1, 4, 6, 4, 1],
    ].map((taps) => aliasedEnergy(square(taps), [2, 2], [1, 1]));
    expect(shares.map((share) => share!.toFixed(2))).toEqual(['0.33', '0.15', '0.03']);
  });

  it('weighs several kernels by their energy', () => {
    const both = sample([1, 2], [1, 1, 10, -10]);
    const [low, high] = [sample([1, 2], [1, 1]), sample([1, 2], [10, -10])].map((kernels) => aliasedEnergy(kernels, [1, 2], [1, 1])!);
    expect(aliasedEnergy(both, [1, 2], [1, 1])).toBeCloseTo((2 * low! + 200 * high!) / 202, 10);
  });

  it('says nothing about empty or broken weights', () => {
    expect(aliasedEnergy(sample([3, 3], new Array<number>(9).fill(0)), [2, 2], [1, 1])).toBeUndefined();
    expect(aliasedEnergy(sample([1, 2], [Number.NaN, 1]), [1, 2], [1, 1])).toBeUndefined();
  });
});
