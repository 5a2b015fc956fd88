import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { randomNumbers } from '../equivariance/brute-force';

const tensor = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(
    randomNumbers(
      shape.reduce((product, side) => product * side, 1),
      seed,
    ),
    shape,
  );

/** What the WASM backend alone computes wrongly or lacks. */
const kernels: readonly (readonly [string, () => tf.Tensor | tf.Tensor[]])[] = [
  [
    'conv3dTranspose',
    () =>
      tf.conv3dTranspose(tensor([1, 2, 3, 2, 2], 1) as tf.Tensor5D, tensor([2, 2, 2, 3, 2], 2) as tf.Tensor5D, [1, 4, 6, 4, 3], 2, 'same'),
  ],
  ['dilation2d', () => tf.dilation2d(tensor([1, 5, 6, 2], 3) as tf.Tensor4D, tensor([2, 3, 2], 4) as tf.Tensor3D, 1, 'valid')],
  [
    'maxPoolWithArgmax',
    () => {
      const { result, indexes } = tf.maxPoolWithArgmax(tensor([1, 4, 6, 2], 5) as tf.Tensor4D, 2, 2, 'same');
      return [result!, indexes!];
    },
  ],
  ['einsum', () => tf.einsum('bij,bjk->bik', tensor([2, 3, 4], 6), tensor([2, 4, 5], 7))],
];

describe('kernels that the WASM backend computes wrongly or lacks', () => {
  let onWasm = false;
  beforeAll(async () => {
    onWasm = (await createTfjsEngine()).backend.includes('WASM');
  });

  it.each(kernels)('%s gives what the plain backend gives, and leaves no memory behind', async (_, run) => {
    if (!onWasm) return;
    const values = (): number[][] => tf.tidy(() => [run()].flat().map((result) => [...result.dataSync()]));
    await tf.setBackend('cpu');
    const expected = values();
    await tf.setBackend('wasm');
    const before = [tf.memory().numTensors, tf.backend().numDataIds()];
    const actual = values();
    expect(actual.map((list) => list.length)).toEqual(expected.map((list) => list.length));
    actual.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(expected.flat()[index]!, 5);
    });
    expect(expected.flat().some((value) => value !== 0)).toBe(true);
    expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual(before);
  });
});
