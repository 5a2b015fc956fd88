import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { equivarianceAt, equivarianceOfSums, referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import { plainProducts } from '../../../src/core/equivariance/measure/products';
import { isSummable, takeSums } from '../../../src/engine/runtimes/tfjs/map-sums';
import { randomNumbers } from '../equivariance/brute-force';

let tensors = 0;
beforeAll(async () => {
  await tf.setBackend('cpu');
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test.each([
  [1, 1, 1],
  [1, 7, 3],
  [5, 3, 4],
  [4, 4, 70],
])('sums of maps of %i x %i with %i channels are those of the plain loop', async (height, width, channels) => {
  const geometry = { layout: 'channels-last', channels, size: [height, width] } as const;
  const length = height * width * channels;
  const unshifted = randomNumbers(length, 1);
  const samples = [2, 3, 4].map((seed) => randomNumbers(length, seed));
  const batch = Float32Array.from(samples.flatMap((sample) => [...sample]));
  // Signals have no height.
  const map = tf.tensor(batch, height === 1 ? [3, width, channels] : [3, height, width, channels]);
  const flat = referenceMap(unshifted, geometry, 'flat');
  const { squares, products } = await takeSums(tf, map, flat);
  for (const [image, sample] of samples.entries()) {
    const { square, same, right, down, both } = plainProducts(flat, sample);
    expect(squares.data[image]! / square).toBeCloseTo(1, 5);
    for (const [term, product] of [same, right, down, both].entries())
      expect(Math.abs(products.data[4 * image + term]! - product) / square).toBeLessThan(1e-5);
  }
  const channel = referenceMap(unshifted, geometry, 'channel');
  const positions = height * width;
  const ofPositions = await takeSums(tf, map, channel);
  expect(ofPositions.products.dims).toEqual([3, positions, 4]);
  for (const [image, sample] of samples.entries()) {
    const sums = {
      squares: ofPositions.squares.data.subarray(image * positions, (image + 1) * positions),
      products: ofPositions.products.data.subarray(4 * image * positions, 4 * (image + 1) * positions),
    };
    for (const shift of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const)
      expect(equivarianceOfSums(channel, sums, shift, [2, 2])).toBeCloseTo(equivarianceAt(channel, sample, shift, [2, 2]), 5);
  }
  map.dispose();
});

test('maps whose channels stand in front leave as they are', () => {
  expect(isSummable(referenceMap(randomNumbers(12, 1), { layout: 'channels-first', channels: 3, size: [2, 2] }, 'flat'))).toBe(false);
});
