import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { loadDataSet } from '../../../study/data/load';
import { inputBatch, side, type Shown } from '../../../study/data/data-set';
import { averagePool, maxPool, type Step } from '../../../study/network/circular-layers';
import { buildNetwork, networkNames } from '../../../study/network/networks';
import { drawnSettings } from '../../../study/settings';

const require = createRequire(import.meta.url);

beforeAll(async () => {
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  await tf.setBackend('wasm');
  expect(tf.getBackend()).toBe('wasm');
});

/** The signal along one axis that a step makes of another, which is constant along the other axis. */
function along(step: Step, signal: readonly number[]): readonly number[] {
  const input = tf.input({ shape: [signal.length, signal.length, 1] });
  const model = tf.model({ inputs: input, outputs: step(input) });
  const map = tf.tensor(signal.flatMap((value) => signal.map(() => value))).reshape([1, signal.length, signal.length, 1]);
  const output = model.predict(map) as tf.Tensor4D;
  return [...output.slice([0, 0, 0, 0], [1, -1, 1, 1]).dataSync()];
}

const signal = [0, 3, 1, 4, 1, 5, 9, 2];
const wrapped = (values: readonly number[], at: number): number => values[(at + values.length) % values.length]!;

describe.each(['rect-2', 'tri-3', 'bin-5'] as const)('with the blur %s', (name) => {
  const { taps } = blurFilter(name);
  const before = Math.floor((taps.length - 1) / 2);
  const blurred = (values: readonly number[], at: number): number =>
    taps.reduce((sum, tap, index) => sum + tap * wrapped(values, at + index - before), 0);
  const halved = (values: readonly number[]): readonly number[] => [0, 2, 4, 6].map((at) => blurred(values, at));

  it('a max-pool is the maximum at every position, then the blur around the border', () => {
    const maxima = signal.map((value, at) => Math.max(value, wrapped(signal, at + 1)));
    expect(along(maxPool(name), signal)).toEqual(halved(maxima).map((value) => expect.closeTo(value, 5) as number));
  });

  it('an average-pool is the blur', () => {
    expect(along(averagePool(name), signal)).toEqual(halved(signal).map((value) => expect.closeTo(value, 5) as number));
  });
});

it('without a blur pools are what they are', () => {
  expect(along(maxPool(undefined), signal)).toEqual([3, 4, 5, 9]);
  expect(along(averagePool(undefined), signal)).toEqual([1.5, 2.5, 3, 5.5]);
});

describe.each(networkNames)('the %s of the study', (network) => {
  const { test } = loadDataSet(undefined, 1, 2);

  /** The largest difference between the outputs of two images and of the same ones shifted. */
  function difference(blur: 'bin-5' | undefined, shift: readonly [number, number]): number {
    const model = buildNetwork(network, drawnSettings.sizes, blur, 7);
    return tf.tidy(() => {
      const outputs = ([[0, 0], shift] as const).map((by) => {
        const shown = [0, 1].map((image): Shown => ({ image, shift: by }));
        return model.predict(tf.tensor4d(inputBatch(test, shown), [2, side, side, 3])) as tf.Tensor;
      });
      return tf.max(tf.abs(tf.sub(outputs[0]!, outputs[1]!))).dataSync()[0]!;
    });
  }

  it('gives the same at shifts by its whole stride, around the border', () => {
    expect(difference(undefined, [8, -16])).toBeLessThan(1e-5);
    expect(difference('bin-5', [-8, 8])).toBeLessThan(1e-5);
  });

  it('gives something else at other shifts, less so with a blur', () => {
    const [plain, blurred] = [difference(undefined, [1, 3]), difference('bin-5', [1, 3])];
    expect(plain).toBeGreaterThan(1e-3);
    expect(blurred).toBeLessThan(plain / 2);
  });

  it('starts from the same weights whatever the blur, and from others with another seed', () => {
    const weights = (blur: 'tri-3' | undefined, seed: number) =>
      buildNetwork(network, drawnSettings.sizes, blur, seed)
        .getWeights()
        .map((weight) => [...weight.dataSync()]);
    const plain = weights(undefined, 1);
    expect(weights('tri-3', 1)).toEqual(plain);
    expect(weights(undefined, 2)[0]).not.toEqual(plain[0]);
  });
});
