import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerDepthwiseGradients } from '../../../samples/train/wasm-depthwise';
import { registerFilterGradient } from '../../../samples/train/wasm-training';

const require = createRequire(import.meta.url);

beforeAll(async () => {
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  await tf.setBackend('wasm');
  registerFilterGradient(tf);
  registerDepthwiseGradients(tf);
});

interface Case {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: 'same' | 'valid';
}

/** Windows at least as long as their stride, as all are that are trained here. */
const cases = [5, 6].flatMap((size) =>
  [1, 2, 3, 5].flatMap((kernel) =>
    [1, 2, 3]
      .filter((stride) => stride <= kernel)
      .flatMap((stride) => (['same', 'valid'] as const).map((pad): Case => ({ size, kernel, stride, pad }))),
  ),
);

/** The gradients of a convolution's input and kernel, whose output weighs unequally. */
async function gradients(backend: 'wasm' | 'cpu', depthwise: boolean, { size, kernel, stride, pad }: Case): Promise<readonly number[][]> {
  await tf.setBackend(backend);
  expect(tf.getBackend()).toBe(backend);
  return tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, size, size + 1, 3], 0, 1, 'float32', 1);
    const weights = tf.randomNormal<tf.Rank.R4>([kernel, kernel, 3, depthwise ? 1 : 4], 0, 1, 'float32', 2);
    const run = (input: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D =>
      depthwise ? tf.depthwiseConv2d(input, filter, stride, pad) : tf.conv2d(input, filter, stride, pad);
    const shape = run(x, weights).shape;
    const weighing = tf.randomNormal(shape, 0, 1, 'float32', 3);
    const loss = (input: tf.Tensor4D, filter: tf.Tensor4D): tf.Scalar => tf.sum(tf.mul(run(input, filter), weighing));
    const results = tf.grads((...inputs: tf.Tensor[]) => loss(inputs[0] as tf.Tensor4D, inputs[1] as tf.Tensor4D))([x, weights]);
    return results.map((result) => [...result.dataSync()]);
  });
}

describe('training on the WASM backend', () => {
  it.each([
    ['a convolution', false],
    ['a depthwise convolution', true],
  ] as const)('has the gradients of %s that the plain backend has', async (_, depthwise) => {
    for (const each of cases) {
      const [actual, expected] = [await gradients('wasm', depthwise, each), await gradients('cpu', depthwise, each)];
      expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length));
      const worst = Math.max(...actual.flatMap((values, at) => values.map((one, index) => Math.abs(one - expected[at]![index]!))));
      expect(worst, JSON.stringify(each)).toBeLessThan(1e-4);
    }
  });
});
