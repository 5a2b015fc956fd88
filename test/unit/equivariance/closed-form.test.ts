import { describe, expect, test } from 'vitest';
import { equivarianceAt, referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import { featureLength, type FeatureGeometry } from '../../../src/core/equivariance/measure/feature-geometry';
import { rollInto } from '../../../src/core/equivariance/walk/roll';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { bruteForceEquivariance, randomNumbers } from './brute-force';

const strides: readonly AxisPair[] = [
  [1, 1],
  [2, 2],
  [3, 1],
  [2, 3],
  [4, 2],
];
const layouts = ['channels-first', 'channels-last'] as const;
const metrics = ['flat', 'channel'] as const;

describe.each(strides)('stride %i, %i', (strideY, strideX) => {
  const stride: AxisPair = [strideY, strideX];
  test.each(layouts.flatMap((layout) => metrics.map((metric) => ({ layout, metric }))))('$layout, $metric', ({ layout, metric }) => {
    const geometry: FeatureGeometry = { layout, channels: 3, size: [4, 5] };
    const unshifted = randomNumbers(featureLength(geometry), 1);
    const shifted = randomNumbers(featureLength(geometry), 2);
    const reference = referenceMap(unshifted, geometry, metric);
    for (let y = 0; y < 4 * strideY; y++) {
      for (let x = 0; x < 5 * strideX; x++) {
        const expected = bruteForceEquivariance(unshifted, shifted, geometry, metric, [y, x], stride);
        expect(equivarianceAt(reference, shifted, [y, x], stride), `shift ${y}, ${x}`).toBeCloseTo(expected, 10);
      }
    }
  });
});

describe('zero vectors', () => {
  const geometry: FeatureGeometry = { layout: 'channels-first', channels: 1, size: [1, 2] };
  const cases = [
    { name: 'two zero maps agree', a: [0, 0], b: [0, 0], flat: 1, channel: 1 },
    { name: 'a zero map and another do not', a: [0, 0], b: [1, 1], flat: 0, channel: 0 },
    { name: 'norms below 1e-12 count as zero', a: [1e-13, 0], b: [0, 0], flat: 1, channel: 1 },
    { name: 'the channel metric judges each position', a: [1, 0], b: [1, 0], flat: 1, channel: 1 },
    { name: 'half of the positions agree', a: [1, 0], b: [1, 1], flat: Math.SQRT1_2, channel: 0.5 },
  ];
  test.each(cases)('$name', ({ a, b, flat, channel }) => {
    for (const [metric, expected] of [
      ['flat', flat],
      ['channel', channel],
    ] as const) {
      const reference = referenceMap(Float32Array.from(a), geometry, metric);
      expect(equivarianceAt(reference, Float32Array.from(b), [0, 0], [1, 1])).toBeCloseTo(expected, 10);
    }
  });
});

describe('the textbook signal 0 0 1 1 0 0 1 1', () => {
  const geometry: FeatureGeometry = { layout: 'channels-first', channels: 1, size: [1, 4] };
  const cases = [
    { name: 'max-pooled by 2', unshifted: [0, 1, 0, 1], atOne: [1, 1, 1, 1], expected: 0.7071 },
    { name: 'max-pooled and blurred by Tri-3', unshifted: [0.5, 1, 0.5, 1], atOne: [0.75, 0.75, 0.75, 0.75], expected: 0.9487 },
  ];
  test.each(cases)('$name gives $expected at shift 1 and 1 at shift 2', ({ unshifted, atOne, expected }) => {
    const data = Float32Array.from(unshifted);
    const reference = referenceMap(data, geometry, 'flat');
    expect(equivarianceAt(reference, Float32Array.from(atOne), [0, 1], [1, 2])).toBeCloseTo(expected, 4);
    const rolled = new Float32Array(4);
    rollInto(rolled, 0, data, geometry, [0, 1]);
    expect(equivarianceAt(reference, rolled, [0, 2], [1, 2])).toBeCloseTo(1, 10);
  });
});

test('a shift beyond the period is not the shift within it', () => {
  const geometry: FeatureGeometry = { layout: 'channels-first', channels: 1, size: [1, 4] };
  const unshifted = Float32Array.of(1, 2, 3, 4);
  const rolled = Float32Array.of(4, 1, 2, 3);
  const reference = referenceMap(unshifted, geometry, 'flat');
  expect(equivarianceAt(reference, rolled, [0, 2], [1, 2])).toBeCloseTo(1, 10);
  expect(equivarianceAt(reference, rolled, [0, 0], [1, 2])).toBeCloseTo(24 / 30, 10);
});

describe('rolling', () => {
  test.each([
    { layout: 'channels-first', data: [1, 2, 3, 4, 5, 6, 7, 8], amount: [0, 1], expected: [2, 1, 4, 3, 6, 5, 8, 7] },
    { layout: 'channels-first', data: [1, 2, 3, 4, 5, 6, 7, 8], amount: [1, 0], expected: [3, 4, 1, 2, 7, 8, 5, 6] },
    { layout: 'channels-last', data: [1, 2, 3, 4, 5, 6, 7, 8], amount: [0, 1], expected: [3, 4, 1, 2, 7, 8, 5, 6] },
    { layout: 'channels-last', data: [1, 2, 3, 4, 5, 6, 7, 8], amount: [-1, 2], expected: [5, 6, 7, 8, 1, 2, 3, 4] },
  ] as const)('$layout by $amount', ({ layout, data, amount, expected }) => {
    const target = new Float32Array(9);
    rollInto(target, 1, Float32Array.from(data), { layout, channels: 2, size: [2, 2] }, amount);
    expect([...target]).toEqual([0, ...expected]);
  });
});
