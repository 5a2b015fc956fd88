import { describe, expect, test } from 'vitest';
import { wrapIndex } from '../../../src/core/graph/circle';
import { circularResize, circularTransposed } from '../../../src/core/equivariance/circular/circular-resampling';
import type { Padding, Window } from '../../../src/core/graph/model-graph';
import { randomNumbers } from './brute-force';

const paddings = (amount: number): readonly Padding[] => [
  { kind: 'explicit', begin: [amount, amount], end: [0, 0] },
  { kind: 'valid' },
  { kind: 'same-upper' },
  { kind: 'same-lower' },
];

/** Samples that a transposed convolution cuts off in front: its begin padding. */
function cropOf({ padding, stride: [step = 1] }: Window, extent: number): number {
  if (padding.kind === 'explicit') return padding.begin[0]!;
  if (padding.kind === 'valid') return 0;
  const total = Math.max(0, extent - step);
  return padding.kind === 'same-upper' ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** y[o] = sum over all i of x[i mod n] w[(o + p - i u) / d], where that is a place of the kernel: the definition, on a circle. */
function byDefinition(x: Float32Array, w: Float32Array, crop: number, step: number, dilation: number): number[] {
  const reach = w.length * dilation + step * x.length;
  return Array.from({ length: x.length * step }, (_, o) => {
    let sum = 0;
    for (let i = -reach; i <= reach; i++) {
      const place = (o + crop - i * step) / dilation;
      if (Number.isInteger(place) && place >= 0 && place < w.length) sum += x[wrapIndex(i, x.length)]! * w[place]!;
    }
    return sum;
  });
}

/** What a runtime gives without padding of its own. */
function full(x: readonly number[], w: Float32Array, step: number, dilation: number): number[] {
  const y = new Array<number>((x.length - 1) * step + (w.length - 1) * dilation + 1).fill(0);
  x.forEach((value, i) => {
    w.forEach((weight, place) => {
      y[i * step + place * dilation]! += value * weight;
    });
  });
  return y;
}

describe('a transposed convolution on a circle', () => {
  const cases = [1, 2, 3, 4].flatMap((step) =>
    [1, 2, 3, 4, 5, 7].flatMap((kernel) => [1, 2].flatMap((dilation) => [3, 4, 5].map((length) => ({ step, kernel, dilation, length })))),
  );
  test.each(cases)('kernel $kernel, stride $step, dilation $dilation, length $length', ({ step, kernel, dilation, length }) => {
    const x = randomNumbers(length, kernel);
    const w = randomNumbers(kernel, step + 7);
    const extent = (kernel - 1) * dilation + 1;
    for (const padding of paddings(Math.min(1, extent - 1))) {
      const window: Window = { kernel: [kernel, kernel], stride: [step, step], dilation: [dilation, dilation], padding, ceilMode: false };
      const { padding: wrap, begin, size } = circularTransposed(window, [length, length]);
      const wrapped = Array.from(
        { length: length + wrap.begin[0] + wrap.end[0] },
        (_, index) => x[wrapIndex(index - wrap.begin[0], length)]!,
      );
      const whole = full(wrapped, w, step, dilation);
      expect(size[0]).toBe(length * step);
      expect(whole.length).toBeGreaterThanOrEqual(begin[0] + size[0]);
      const expected = byDefinition(x, w, cropOf(window, extent), step, dilation);
      whole.slice(begin[0], begin[0] + size[0]).forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index]!, 5);
      });
    }
  });
});

describe('a resize on a circle', () => {
  test.each([
    ['linear', 2, 5],
    ['linear', 3, 4],
    ['linear', 1 / 2, 6],
    ['linear', 1 / 3, 9],
  ] as const)('%s by %f of %i samples interpolates across the border', (mode, scale, length) => {
    const x = randomNumbers(length, 3);
    const at = (place: number): number => {
      const left = Math.floor(place);
      return (1 - (place - left)) * x[wrapIndex(left, length)]! + (place - left) * x[wrapIndex(left + 1, length)]!;
    };
    const { padding, begin, size } = circularResize(mode, false, [scale, scale], [length, length]);
    const wrapped = Array.from(
      { length: length + padding.begin[0] + padding.end[0] },
      (_, index) => x[wrapIndex(index - padding.begin[0], length)]!,
    );
    const clamped = (place: number): number => wrapped[Math.min(Math.max(place, 0), wrapped.length - 1)]!;
    const whole = Array.from({ length: Math.round(wrapped.length * scale) }, (_, index) => {
      const place = (index + 0.5) / scale - 0.5;
      const left = Math.floor(place);
      return (1 - (place - left)) * clamped(left) + (place - left) * clamped(left + 1);
    });
    expect(size[0]).toBe(length * scale);
    whole.slice(begin[0], begin[0] + size[0]).forEach((value, index) => {
      expect(value).toBeCloseTo(at((index + 0.5) / scale - 0.5), 5);
    });
  });
});
