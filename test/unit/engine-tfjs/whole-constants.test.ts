import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import type { Engine } from '../../../src/engine/runtimes/engine';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { registerWholeConstants } from '../../../src/engine/runtimes/tfjs/whole-constants';
import { readModel } from '../../../src/engine/input/read-model';
import { randomNumbers } from '../equivariance/brute-force';
import { runShifted } from '../equivariance/every-shift';
import { saveModel } from '../tfjs-layers/memory-model';

const epsilon = 1e-3;
const count = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Index along one axis of the value at `flat` in row-major order. */
function along(shape: readonly number[], axis: number, flat: number): number {
  return Math.floor(flat / count(shape.slice(axis + 1))) % shape[axis]!;
}

/** A layer and what it computes, worked out value by value; `shape` is batch first. */
interface Case {
  readonly layer: tf.layers.Layer;
  readonly weights: readonly tf.Tensor[];
  readonly expected: (values: ArrayLike<number>, shape: readonly number[]) => number[];
}

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, with constants by the index along `axis`. */
function batchNormalization(axis: number, length: number, parts: { readonly scale?: boolean; readonly center?: boolean } = {}): Case {
  const { scale = true, center = true } = parts;
  const [gamma, beta, mean, spread] = [1, 2, 3, 4].map((seed) => randomNumbers(length, seed)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const variance = spread.map((value) => value * value + 0.1);
  return {
    layer: tf.layers.batchNormalization({ name: 'constants', axis, scale, center }),
    weights: [...(scale ? [gamma] : []), ...(center ? [beta] : []), mean, variance].map((values) => tf.tensor1d(values)),
    expected: (values, shape) =>
      Array.from(values, (value, flat) => {
        const index = along(shape, axis < 0 ? axis + shape.length : axis, flat);
        return ((value - mean[index]!) / Math.sqrt(variance[index]! + epsilon)) * (scale ? gamma[index]! : 1) + (center ? beta[index]! : 0);
      }),
  };
}

/** x where it is positive, slope * x elsewhere, with slopes by the indices along the axes that are not shared. */
function prelu(sample: readonly number[], sharedAxes: number[]): Case {
  const slopesShape = sample.map((length, axis) => (sharedAxes.includes(axis + 1) ? 1 : length));
  const slopes = randomNumbers(count(slopesShape), 5);
  return {
    layer: tf.layers.prelu({ name: 'constants', sharedAxes }),
    weights: [tf.tensor(slopes, slopesShape)],
    expected: (values, shape) =>
      Array.from(values, (value, flat) => {
        const index = slopesShape.reduce((at, length, axis) => at * length + (length === 1 ? 0 : along(shape, axis + 1, flat)), 0);
        return value >= 0 ? value : value * slopes[index]!;
      }),
  };
}

/** `lead` runs in front of the layer and says where the channels are. */
async function payloadOf({ layer, weights }: Case, sample: readonly number[], ...lead: tf.layers.Layer[]): Promise<ModelPayload> {
  const image = tf.input({ shape: [...sample], name: 'image' });
  const output = [...lead, layer].reduce<tf.SymbolicTensor>((tensor, next) => next.apply(tensor) as tf.SymbolicTensor, image);
  layer.setWeights([...weights]);
  const model = tf.model({ inputs: image, outputs: output });
  const { text, files } = await saveModel(model);
  model.dispose();
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...expected.map((value, index) => Math.abs(value - actual[index]!)))).toBeLessThan(1e-5);
}

const cases: readonly (readonly [string, readonly number[], (sample: readonly number[]) => Case])[] = [
  ['BatchNormalization, channels last', [4, 5, 3], () => batchNormalization(-1, 3)],
  ['BatchNormalization, channels first', [3, 4, 5], () => batchNormalization(1, 3)],
  ['BatchNormalization, as many channels as rows and columns', [4, 4, 4], () => batchNormalization(1, 4)],
  [
    'BatchNormalization without scale and offset, channels first',
    [3, 4, 5],
    () => batchNormalization(1, 3, { scale: false, center: false }),
  ],
  ['BatchNormalization over columns', [4, 5, 3], () => batchNormalization(2, 5)],
  ['BatchNormalization of a sequence, channels first', [3, 5], () => batchNormalization(1, 3)],
  ['BatchNormalization of a vector', [3], () => batchNormalization(-1, 3)],
  ['PReLU, a slope per channel, channels last', [4, 5, 3], (sample) => prelu(sample, [1, 2])],
  ['PReLU, a slope per channel, channels first', [3, 4, 5], (sample) => prelu(sample, [2, 3])],
  ['PReLU, a slope per position', [4, 5, 3], (sample) => prelu(sample, [3])],
  ['PReLU, a slope per value', [4, 5, 3], (sample) => prelu(sample, [])],
  ['PReLU, one slope', [4, 5, 3], (sample) => prelu(sample, [1, 2, 3])],
];

describe('constants along any axis are applied as the layer says', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await createTfjsEngine();
  });

  it.each(cases)('%s', async (_, sample, make) => {
    const testCase = make(sample);
    const payload = await payloadOf(testCase, sample);
    const dims = [2, ...sample];
    const data = randomNumbers(count(dims), 7);
    const [output] = await engine.run(await readModel(payload), new Map([['image', { data, dims }]]));
    expect(output?.dims).toEqual(dims);
    expectClose(output!.data, testCase.expected(data, dims));
  });

  it.each<[string, (sample: readonly number[]) => Case]>([
    ['BatchNormalization', () => batchNormalization(1, 3)],
    ['PReLU', (sample) => prelu(sample, [2, 3])],
  ])('%s, channels first, in the circular model at every shift', async (_, make) => {
    const size = [4, 6] as const;
    const testCase = make([3, size[0] / 2, size[1] / 2]);
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2, dataFormat: 'channelsFirst' });
    const payload = await payloadOf(testCase, [3, ...size], pool);
    const { graph } = await tfjsLayersFormat.open(payloadSource(payload));
    const plan = planMeasurement(graph);
    expect(plan.omitted).toEqual([]);
    const circular = await engine.openCircular(await readModel(payload), plan);
    const image: TensorBatch = { data: randomNumbers(3 * count(size), 11), dims: [1, 3, ...size] };
    for (let y = 0; y < size[0]; y++) {
      for (let x = 0; x < size[1]; x++) {
        const maps = await runShifted(plan, circular, image, graph.layout, [y, x]);
        const [pooled, result] = [maps.get('pool')!, maps.get('constants')!];
        expectClose(result.data, testCase.expected(pooled.data, pooled.dims));
      }
    }
    await circular.dispose();
  });

  it('leaves no memory behind, however often the kernels are mended', () => {
    if (!engine.backend.includes('WASM')) return;
    registerWholeConstants(tf, 'wasm');
    const [x, alpha] = [tf.randomNormal([2, 3, 4, 5]), tf.randomNormal([3, 1, 1])];
    const backend = tf.backend();
    const before = [tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()];
    tf.prelu(x, alpha).dispose();
    expect([tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()]).toEqual(before);
  });
});
