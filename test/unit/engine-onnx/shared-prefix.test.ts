import { beforeAll, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { readModel } from '../../../src/engine/input/read-model';
import { variantModel } from '../../../src/engine/process/variants/variant-model';
import { pooled, residual } from '../recover/pooled-network';
import { expectSameAsAlone, fixesOf } from '../compare/shared-walk';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';
import { oracleModel } from './oracle';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine();
});

const threes = { kernel: [3, 3], pads: [1, 1, 1, 1] };

/** Three convolutions, each strided and followed by a ReLU, and a head. */
function strided(head: (builder: NetworkBuilder, map: string) => string): ModelPayload {
  const builder = new NetworkBuilder();
  let map = 'image';
  for (const [from, to] of [
    [2, 3],
    [3, 4],
    [4, 4],
  ] as const)
    map = builder.node('Relu', [builder.convolution(map, { from, to }, { ...threes, stride: [2, 2] })]);
  return inMemory(builder.build([2, 16, 24], head(builder, map)));
}

const networks: readonly { readonly name: string; readonly payload: () => ModelPayload }[] = [
  { name: 'strided convolutions and a global average', payload: () => strided((builder, map) => builder.node('GlobalAveragePool', [map])) },
  {
    name: 'strided convolutions and a dense head',
    payload: () => strided((builder, map) => builder.dense(builder.node('Flatten', [map]), 24, 5)),
  },
  {
    name: 'an encoder and a decoder with a skip connection',
    payload: () => {
      const builder = new NetworkBuilder();
      const first = builder.node('Relu', [builder.convolution('image', { from: 2, to: 3 }, threes)]);
      const second = builder.convolution(builder.maxPool(first, { kernel: [2, 2], stride: [2, 2] }), { from: 3, to: 4 }, threes);
      const third = builder.maxPool(second, { kernel: [2, 2], stride: [2, 2] });
      const up = builder.transposed(third, { from: 4, to: 4 }, { kernel: [2, 2], stride: [2, 2] });
      const joined = builder.concat(second, up);
      return inMemory(builder.build([2, 12, 8], builder.convolution(joined, { from: 8, to: 2 }, threes)));
    },
  },
  {
    name: 'strides of 3 and of one axis',
    payload: () => {
      const builder = new NetworkBuilder();
      const wide = builder.node('Relu', [builder.convolution('image', { from: 2, to: 3 }, { ...threes, stride: [1, 3] })]);
      const pooled = builder.maxPool(wide, { kernel: [2, 2], stride: [2, 1] });
      return inMemory(
        builder.build([2, 8, 9], builder.node('GlobalAveragePool', [builder.averagePool(pooled, { kernel: [2, 2], stride: [2, 1] })])),
      );
    },
  },
  {
    name: 'a dense head that is run for some shifts only',
    payload: () => {
      const builder = new NetworkBuilder();
      const strided = builder.node('Relu', [builder.convolution('image', { from: 1, to: 2 }, { ...threes, stride: [4, 4] })]);
      const pooled = builder.maxPool(strided, { kernel: [3, 3], stride: [3, 3] });
      return inMemory(builder.build([1, 72, 72], builder.dense(builder.node('Flatten', [pooled]), 72, 3)));
    },
  },
  {
    name: 'signals',
    payload: () => {
      const builder = new NetworkBuilder();
      const strided = builder.node('Relu', [builder.convolution('image', { from: 2, to: 3 }, { kernel: [5], pads: [2, 2], stride: [2] })]);
      const pooled = builder.maxPool(builder.convolution(strided, { from: 3, to: 3 }, { kernel: [3], pads: [1, 1] }), {
        kernel: [2],
        stride: [2],
      });
      return inMemory(builder.build([2, 32], builder.node('GlobalAveragePool', [pooled])));
    },
  },
  { name: 'vgg_like', payload: () => oracleModel('vgg_like.onnx') },
  { name: 'resnet_like', payload: () => oracleModel('resnet_like.onnx') },
];

describe.each(networks)('a model and its copies, walked together: $name', ({ payload }) => {
  it.each(['flat', 'channel'] as const)('%s heatmaps and outputs are those of each alone', async (metric) => {
    const { copies, recorded } = await expectSameAsAlone({ engine, payload: payload(), options: { metric } });
    expect(copies.length).toBeGreaterThan(2);
    // One walk for all: the original is opened once, and copies that run nothing themselves never.
    expect(recorded.openings).toBeLessThanOrEqual(1 + copies.length);
  });

  it('also in chunks, with little memory', async () => {
    await expectSameAsAlone({ engine, payload: payload(), options: { memoryBudgetBytes: 400_000 } });
  });
});

it.each([
  ['a shortcut, depthwise and grouped layers', () => pooled(residual)],
  ['vgg_like', () => oracleModel('vgg_like.onnx')],
])('walks copies with other weights behind their blurs: %s', async (_name, payload) => {
  const model = payload();
  await expectSameAsAlone({ engine, payload: model, plans: [await fixesOf(model)], isReweighted: true });
});

it('shares with a copy whose fix has split a stride in two', async () => {
  const payload = networks.find(({ name }) => name.startsWith('a dense head'))!.payload();
  const split = await fixesOf(payload, { splitStride: true });
  expect(split.map(({ layerStride }) => layerStride)).toContainEqual([2, 2]);
  const { recorded } = await expectSameAsAlone({ engine, payload, plans: [split, await fixesOf(payload)] });
  expect(recorded.openings).toBeLessThanOrEqual(3);
});

it('walks models alone where the runtime refuses a part of one', async () => {
  const payload = networks[0]!.payload();
  let refused = 0;
  const refusing: Engine = {
    ...engine,
    openCircular: (model, plan) => {
      const whole = plan.levels.flatMap(({ layers }) => layers).includes('conv0');
      if (!whole) refused++;
      return whole ? engine.openCircular(model, plan) : Promise.reject(new ModelError('unsupported', 'No parts.'));
    },
  };
  await expectSameAsAlone({ engine: refusing, payload });
  expect(refused).toBe(1);
});

it('takes several walks where memory is short', async () => {
  const payload = oracleModel('resnet_like.onnx');
  const model = await variantModel(await readModel(payload), { label: '', plans: [] });
  const { recorded } = await expectSameAsAlone({ engine, payload, options: { memoryBudgetBytes: 16 * model.fileBytes } });
  const opened = new Set(recorded.runs.filter(({ layers }) => layers.includes(model.graph.layers[0]!.name)).map(({ opening }) => opening));
  // The original in two walks, the copy that needs too much and is walked alone, and the copy whose first layer is fixed.
  expect(opened.size).toBe(4);
});

describe('what copies share', () => {
  const payload = strided((builder, map) => builder.node('GlobalAveragePool', [map]));
  const [first, second, third] = [
    ['conv0', 'relu1'],
    ['conv2', 'relu3'],
    ['conv4', 'relu5'],
  ] as const;

  it('runs once: a copy with a late fix never runs the first layers', async () => {
    const fixes = await fixesOf(payload);
    expect(fixes).toHaveLength(3);
    const { recorded } = await expectSameAsAlone({ engine, payload, plans: [[fixes[2]!], [fixes[1]!, fixes[2]!]] });
    // Stride 2 runs for 4 phases, stride 4 for 16, stride 8 for 64.
    for (const layer of first) expect(recorded.images(layer)).toBe(4);
    // The original's, and once more at the finer stride for the copy that fixes it.
    expect(recorded.images(second[0])).toBe(16 + 4);
    expect(recorded.images(second[0], 0)).toBe(16);
    // Fixed in both copies, and what precedes differs.
    expect(recorded.images(third[0])).toBe(64 + 16 + 16);
  });

  it('also where the walk goes in chunks', async () => {
    const fixes = await fixesOf(payload);
    const { recorded } = await expectSameAsAlone({
      engine,
      payload,
      plans: [[fixes[2]!], [fixes[1]!]],
      options: { memoryBudgetBytes: 200_000 },
    });
    for (const layer of first) expect(recorded.images(layer)).toBe(4);
  });

  it('a level that a copy has unchanged is run by the original, whose weights it is', async () => {
    const fixes = await fixesOf(payload);
    const { recorded } = await expectSameAsAlone({ engine, payload, plans: [[fixes[0]!]] });
    // Of the last level only the original holds the weights, and runs it for the copy too.
    expect(recorded.images(third[0], 0)).toBe(2 * 64);
    expect(recorded.images(third[0], 1)).toBe(0);
    expect(recorded.images(second[0], 1)).toBe(0);
  });

  it('a copy without any fix is the original', async () => {
    const { recorded, measurements } = await expectSameAsAlone({ engine, payload, plans: [[], [(await fixesOf(payload))[1]!]] });
    expect(measurements[1]).toEqual(measurements[0]);
    expect(recorded.images(first[0])).toBe(4);
  });
});
