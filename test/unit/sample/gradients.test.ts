import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerDepthwiseGradients } from '../../../samples/train/wasm-depthwise';
import { registerFilterGradient } from '../../../samples/train/wasm-training';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { randomNumbers } from '../equivariance/brute-force';

type Shape = [number, number, number, number];

const tensor = (shape: Shape, seed: number): tf.Tensor4D =>
  tf.tensor4d(
    randomNumbers(
      shape.reduce((product, side) => product * side, 1),
      seed,
    ),
    shape,
  );

/** Shapes of the input and of the filter's window, and its stride: even and odd sizes, with rows left over and without. */
const calls: readonly (readonly [Shape, readonly [number, number], number])[] = [
  [[2, 6, 5, 3], [3, 3], 1],
  [[2, 7, 7, 3], [3, 3], 2],
  [[2, 6, 8, 3], [3, 3], 2],
  [[1, 9, 8, 2], [2, 5], 2],
  [[2, 5, 7, 3], [1, 1], 2],
  [[1, 10, 9, 2], [3, 3], 3],
];

const layers = {
  conv2d: { filters: 4, apply: tf.conv2d },
  depthwiseConv2d: { filters: 1, apply: tf.depthwiseConv2d },
} as const;

/** Gradients by input and by filter of a sum in which every place of the output has a weight of its own. */
function gradients(name: keyof typeof layers, [input, window, stride]: (typeof calls)[number], padding: 'same' | 'valid'): number[][] {
  const { apply, filters } = layers[name];
  return tf.tidy(() => {
    const x = tensor(input, 1);
    const filter = tensor([...window, input[3], filters], 2);
    const weights = tensor(apply(x, filter, stride, padding).shape, 3);
    const weighed = (...[seen, taps]: tf.Tensor[]): tf.Scalar =>
      tf.sum(tf.mul(apply(seen as tf.Tensor4D, taps as tf.Tensor4D, stride, padding), weights));
    return tf
      .grads(weighed)([x, filter])
      .map((gradient) => [...gradient.dataSync()]);
  });
}

describe('gradients that training on the WASM backend lacks', () => {
  let onWasm = false;
  beforeAll(async () => {
    onWasm = (await createTfjsEngine()).backend.includes('WASM');
    registerFilterGradient(tf);
    registerDepthwiseGradients(tf);
  });

  const names = Object.keys(layers) as (keyof typeof layers)[];
  it.each(names.flatMap((name) => calls.map((call) => [name, call] as const)))(
    '%s of %j are those of the plain backend',
    async (name, call) => {
      if (!onWasm) return;
      for (const padding of ['same', 'valid'] as const) {
        await tf.setBackend('cpu');
        const expected = gradients(name, call, padding);
        await tf.setBackend('wasm');
        const before = tf.memory().numTensors;
        const actual = gradients(name, call, padding);
        expect(tf.memory().numTensors).toBe(before);
        expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
        const differences = actual.flat().map((value, index) => Math.abs(value - expected.flat()[index]!));
        expect(Math.max(...differences), padding).toBeLessThan(1e-4);
        expect(expected.every((list) => list.some((value) => value !== 0))).toBe(true);
      }
    },
  );
});
