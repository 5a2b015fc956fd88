import { describe, expect, test } from 'vitest';
import { referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import type { FeatureGeometry } from '../../../src/core/equivariance/measure/feature-geometry';
import { plainProducts } from '../../../src/core/equivariance/measure/products';
import { wasmProducts } from '../../../src/engine/runtimes/products/wasm-products';
import { randomNumbers } from './brute-force';

const sizes = [
  [1, 1],
  [1, 5],
  [2, 2],
  [3, 7],
  [4, 4],
  [5, 3],
  [7, 7],
  [8, 12],
  [13, 33],
  [2, 600],
] as const;
const geometries = (['channels-first', 'channels-last'] as const).flatMap((layout) =>
  sizes.flatMap((size) => [1, 2, 3, 5, 64].map((channels): FeatureGeometry => ({ layout, size, channels }))),
);

describe('the sums by WebAssembly are those of the plain loop', async () => {
  const fast = await wasmProducts();

  test('and it is used', () => {
    expect(fast).not.toBe(plainProducts);
  });

  test.each(geometries)('$layout, $channels x $size', (geometry) => {
    const length = geometry.channels * geometry.size[0] * geometry.size[1];
    const reference = referenceMap(randomNumbers(length, 3), geometry, 'flat');
    // The second sample finds the reference loaded; numbers of either sign cancel, so the error is taken against the squares.
    for (const seed of [4, 5]) {
      const sample = randomNumbers(length, seed);
      const [expected, given] = [plainProducts(reference, sample), fast(reference, sample)];
      for (const sum of ['square', 'same', 'right', 'down', 'both'] as const) {
        expect(Math.abs(given[sum] - expected[sum]), sum).toBeLessThanOrEqual(1e-6 * expected.square);
      }
    }
  });

  test('what lies beyond a row or the map does not count, be it infinite', () => {
    const geometry: FeatureGeometry = { layout: 'channels-first', channels: 1, size: [1, 3] };
    fast(
      referenceMap(new Float32Array(400).fill(Infinity), { layout: 'channels-first', channels: 1, size: [20, 20] }, 'flat'),
      new Float32Array(400).fill(Infinity),
    );
    const reference = referenceMap(Float32Array.of(1, 2, 3), geometry, 'flat');
    expect(fast(reference, Float32Array.of(1, 1, 1))).toEqual(plainProducts(reference, Float32Array.of(1, 1, 1)));
  });
});
