import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/runtimes/engine';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { disposeModel } from '../../../src/engine/runtimes/tfjs/load-model';
import { expectSameAsAlone, fixesOf } from '../compare/shared-walk';
import { float, GraphBuilder, int, ints, texts, windowed } from '../tfjs-graph/graph-builder';
import type { MemoryModel } from '../tfjs-files';
import { saveModel } from '../tfjs-layers/memory-model';

const inMemory = ({ text, files }: MemoryModel): ModelPayload => ({
  path: 'model.json',
  bytes: new TextEncoder().encode(text),
  folder: '.',
  overlay: Object.fromEntries(files),
});

type Tensor = tf.SymbolicTensor;
const apply = (layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor => layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;
const convolution = (input: Tensor, name: string, filters: number, strides = 1): Tensor =>
  apply(tf.layers.conv2d({ name, filters, kernelSize: 3, strides, padding: 'same', biasInitializer: 'randomNormal' }), input);

async function layersModel(size: readonly [number, number], build: (image: Tensor) => Tensor): Promise<ModelPayload> {
  const image = tf.input({ shape: [...size, 2], name: 'image' });
  const model = tf.model({ inputs: image, outputs: build(image) });
  const saved = await saveModel(model);
  disposeModel(model);
  return inMemory(saved);
}

/** A pool, a strided convolution with an activation, a residual block with a strided shortcut, and a head. */
const residual = (head: (map: Tensor) => Tensor) => async (): Promise<ModelPayload> =>
  layersModel([16, 16], (image) => {
    const pooled = apply(tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }), convolution(image, 'stem', 3));
    const strided = apply(tf.layers.reLU({ name: 'relu' }), convolution(pooled, 'strided', 4, 2));
    const main = convolution(strided, 'main', 4, 2);
    const shortcut = apply(tf.layers.conv2d({ name: 'shortcut', filters: 4, kernelSize: 1, strides: 2 }), strided);
    return head(apply(tf.layers.add({ name: 'sum' }), main, shortcut));
  });

async function sharedPool(): Promise<ModelPayload> {
  return layersModel([16, 8], (image) => {
    const inside = tf.input({ shape: [null, null, 3] });
    const block = tf.model({ name: 'block', inputs: inside, outputs: convolution(apply(tf.layers.reLU(), inside), 'inner', 3) });
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 });
    const last = apply(
      tf.layers.maxPooling2d({ name: 'last', poolSize: 2 }),
      apply(pool, apply(block, apply(pool, apply(block, convolution(image, 'stem', 3))))),
    );
    return apply(tf.layers.globalAveragePooling2d({}), last);
  });
}

/** The same in nodes: the blur takes the name of what it blurs. */
async function graphModel(): Promise<ModelPayload> {
  const builder = new GraphBuilder();
  builder.input([1, 16, 12, 2]);
  const fused = (name: string, input: string, [from, to]: readonly [number, number], stride: number): string =>
    builder.op('_FusedConv2D', name, [input, builder.weight(`${name}/w`, [3, 3, from, to]), builder.weight(`${name}/b`, [to])], {
      ...windowed([stride, stride], 'SAME'),
      fused_ops: texts('BiasAdd', 'Relu'),
      num_args: int(1),
    });
  const pooled = builder.op('MaxPool', 'pool', [fused('stem', 'image', [2, 3], 1)], {
    ...windowed([2, 2], 'VALID'),
    ksize: ints(1, 2, 2, 1),
  });
  const deep = fused('deep', fused('strided', pooled, [3, 4], 2), [4, 4], 1);
  const mean = builder.op('Mean', 'mean', [deep, builder.constant('axes', [2], [1, 2])], {
    T: float,
    Tidx: { type: 'DT_INT32' },
    keep_dims: { b: false },
  });
  return Promise.resolve(inMemory(builder.model([mean])));
}

const models: readonly { readonly name: string; readonly payload: () => Promise<ModelPayload> }[] = [
  { name: 'a layers-model with a global average', payload: residual((map) => apply(tf.layers.globalAveragePooling2d({}), map)) },
  {
    name: 'a layers-model with a dense head',
    payload: residual((map) => apply(tf.layers.dense({ units: 4 }), apply(tf.layers.flatten(), map))),
  },
  { name: 'a layers-model with a shared pool and a model inside, called twice', payload: sharedPool },
  { name: 'a graph-model', payload: graphModel },
];

let engine: Engine;
beforeAll(async () => {
  engine = await createTfjsEngine();
});

describe.each(models)('a model and its copies, walked together: $name', ({ payload }) => {
  it.each(['flat', 'channel'] as const)('%s heatmaps and outputs are those of each alone', async (metric) => {
    const { recorded, copies } = await expectSameAsAlone({ engine, payload: await payload(), options: { metric } });
    expect(copies.length).toBeGreaterThan(2);
    expect(recorded.openings).toBeLessThanOrEqual(1 + copies.length);
    // The first layer, which no copy changes, ran for the original's sake alone.
    expect(recorded.images('stem')).toBe(1);
  });

  it('also in chunks, with little memory', async () => {
    await expectSameAsAlone({ engine, payload: await payload(), options: { memoryBudgetBytes: 200_000 } });
  });
});

it.each([models[0]!, models.at(-1)!])('with other weights behind their blurs: $name', async ({ payload }) => {
  const model = await payload();
  await expectSameAsAlone({ engine, payload: model, plans: [await fixesOf(model)], isReweighted: true });
});

it('gives back every tensor', async () => {
  const model = await models[0]!.payload();
  const before = tf.memory().numTensors;
  await expectSameAsAlone({ engine, payload: model, plans: (await fixesOf(model)).map((plan) => [plan]) });
  expect(tf.memory().numTensors).toBe(before);
});
