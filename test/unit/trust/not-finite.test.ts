import * as tf from '@tensorflow/tfjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { openModel } from '../../../src/core/formats/registry';
import { encodeFloatTensor, encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import type { ImageFile } from '../../../src/engine/protocol/classifying';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { equivarianceAt, referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import { wasmProducts } from '../../../src/engine/runtimes/products/wasm-products';
import { circularMessages, deployedMessages } from '../../../src/extension/panel/heatmap-messages';
import type { EquivarianceMessage } from '../../../src/panel-protocol/studies/equivariance';
import { equivarianceKeeper, type EquivarianceState } from '../../../webview/tabs/equivariance/outcome';
import { answer } from '../engine-onnx/serving';
import { noise } from '../onnx/models';
import { step } from '../onnx/nested-parts';
import { writeNoise } from '../recover/linear-network';
import { flag, float, GraphBuilder, ints, windowed } from '../tfjs-graph/graph-builder';
import { saveModel } from '../tfjs-layers/memory-model';

/** A classifier of three layers with a map: `conv1`, a pool, `conv2`. @param fill every weight of `conv2`; undefined for noise */
function onnx(fill?: number): ModelPayload {
  const kernel = (name: string, channels: number, seed: number, value?: number): Uint8Array =>
    encodeFloatTensor(
      name,
      [4, channels, 3, 3],
      value === undefined ? [...noise(36 * channels, seed)] : new Array<number>(36 * channels).fill(value),
    );
  const padded = { pads: { ints: [1, 1, 1, 1] } };
  const pool = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const bytes = encodeModel({
    irVersion: 8,
    opsets: { '': 17 },
    nodes: [
      step('Conv', 'x w1', 'conv1', { attributes: padded }),
      step('MaxPool', 'conv1', 'pool', { attributes: pool }),
      step('Conv', 'pool w2', 'conv2', { attributes: padded }),
      step('GlobalAveragePool', 'conv2', 'mean'),
      step('Flatten', 'mean', 'scores'),
    ],
    initializers: [kernel('w1', 3, 1), kernel('w2', 4, 2, fill)],
    inputs: [encodeValueInfo('x', 1, [1, 3, 16, 16])],
    outputs: [encodeValueInfo('scores', 1, [1, 4])],
  });
  return { path: 'net.onnx', bytes, folder: '.', overlay: {} };
}

async function tfjs(fill?: number): Promise<ModelPayload> {
  const image = tf.input({ shape: [16, 16, 3] });
  const one = tf.layers.conv2d({
    name: 'conv1',
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
  });
  const kernelInitializer = fill === undefined ? tf.initializers.randomNormal({ seed: 2 }) : tf.initializers.constant({ value: fill });
  const two = tf.layers.conv2d({ name: 'conv2', filters: 4, kernelSize: 3, padding: 'same', kernelInitializer });
  const pooled = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }).apply(one.apply(image));
  const scores = tf.layers.globalAveragePooling2d({ name: 'scores' }).apply(two.apply(pooled)) as tf.SymbolicTensor;
  const { text, files } = await saveModel(tf.model({ inputs: image, outputs: scores }));
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

/** The same network as a graph-model, whose tensors are called after their nodes. */
function graphModel(fill?: number): ModelPayload {
  const graph = new GraphBuilder();
  const kernel = (name: string, channels: number, value?: number): string =>
    value === undefined
      ? graph.weight(name, [3, 3, channels, 4])
      : graph.constant(name, [3, 3, channels, 4], new Array<number>(36 * channels).fill(value), 'float32');
  const one = graph.op('Conv2D', 'conv1', [graph.input([-1, 16, 16, 3], 'x'), kernel('w1', 3)], windowed([1, 1], 'SAME'));
  const pooled = graph.op('MaxPool', 'pool', [one], windowed([2, 2], 'VALID', { ksize: ints(1, 2, 2, 1) }));
  const two = graph.op('Conv2D', 'conv2', [pooled, kernel('w2', 4, fill)], windowed([1, 1], 'SAME'));
  const axes = graph.constant('axes', [2], [1, 2]);
  const scores = graph.op('Mean', 'scores', [two, axes], { T: float, Tidx: { type: 'DT_INT32' }, keep_dims: flag(false) });
  const { text, files } = graph.model([scores]);
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

/** What the panel's page keeps of messages. */
function shownInPanel(messages: readonly EquivarianceMessage[]): EquivarianceState {
  return messages.reduce((state, message) => equivarianceKeeper.after(state, message), equivarianceKeeper.nothing);
}

const budget = { memoryBudgetBytes: 2 ** 28 };
const input = { kind: 'pattern' } as const;
const sentence =
  'The values are not finite (NaN or infinite) from layer "conv2" on, so nothing can be said of what is computed from it: check its weights and the input.';
const silence = 'Layer "conv2" gives no signal: its map is zero at every shift, so there is nothing to compare.';

let folder = '';
let images: readonly ImageFile[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  images = writeNoise(folder, 6, 16).files;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function plansOf(payload: ModelPayload): Promise<readonly BlurPlan[]> {
  const { plans } = selectPlans(lintGraph(await openModel(payloadSource(payload))), 'all');
  expect(plans).toHaveLength(1);
  return plans;
}

describe.each([
  ['ONNX', (fill?: number) => Promise.resolve(onnx(fill))],
  ['TensorFlow.js', tfjs],
  ['a TensorFlow.js graph', (fill?: number) => Promise.resolve(graphModel(fill))],
] as const)('a model of %s whose second convolution', (_, modelWith) => {
  it.each([Number.NaN, Infinity])('has weights of %d is told of by that layer wherever it is run', async (fill) => {
    const model = await modelWith(fill);
    const options = { ...budget, metric: 'flat' } as const;
    const { measurement } = await answer('measure', { model, input, options });
    expect(measurement.heatmaps.map(({ layer }) => layer.name)).toEqual(['conv1', 'pool']);
    expect(measurement.heatmaps.every(({ mean }) => Number.isFinite(mean))).toBe(true);
    expect(measurement.notes).toContain(sentence);
    expect(measurement.omitted.map(({ layer }) => layer)).toContain('conv2');
    expect(measurement.output).toEqual({ reason: 'The output of the model is not finite, so it tells no class.' });

    const deployed = await answer('measure-deployed', { model, input, options: { ...options, pattern: 'diagonal', largest: 1 } });
    expect(deployed.measurement.heatmaps.map(({ layer }) => layer)).toEqual(['conv1', 'pool']);
    expect(deployed.notes).toContain(sentence);

    const shown = [
      shownInPanel(circularMessages({ measurement, picture: null, classNames: null })),
      shownInPanel(deployedMessages(deployed.measurement, deployed.notes)),
    ];
    for (const { maps, classes } of shown) {
      expect(maps?.notes).toContain(sentence);
      expect(maps?.heatmaps.map(({ name, mean }) => [name, Number.isFinite(mean)])).toEqual([
        ['conv1', true],
        ['pool', true],
      ]);
      expect(classes).toBeNull();
    }
    expect(shown[0]?.maps?.omitted.map(({ label }) => label)).toContain('conv2');

    const features = { ...options, layer: 'conv2', shift: [1, 1], channels: { first: 0, count: 1 } } as const;
    await expect(answer('features', { model, input, options: features })).rejects.toMatchObject({ code: 'not-finite', message: sentence });
    const first = await answer('features', { model, input, options: { ...features, layer: 'conv1' } });
    expect(first.maps.equivariance).toBeCloseTo(1, 5);

    for (const protocol of ['circular', 'deployed'] as const) {
      const wanted = { ...budget, pairs: 2, seed: 1, protocol };
      await expect(answer('classify', { model, images, options: wanted })).rejects.toMatchObject({ code: 'not-finite', message: sentence });
    }

    const plans = await plansOf(model);
    const variants = [
      { label: 'none', plans: [] },
      { label: 'tri-3', plans },
    ];
    const compared = await answer('measure-variants', { model, input, options, variants, images: [], pairs: 2, seed: 1 });
    for (const variant of compared.variants) {
      expect(variant.measurement.heatmaps.map(({ layer }) => layer.name)).not.toContain('conv2');
      expect(variant.measurement.notes).toContain(sentence);
    }
    await expect(answer('measure-variants', { model, input, options, variants, images, pairs: 2, seed: 1 })).rejects.toMatchObject({
      code: 'not-finite',
      message: sentence,
    });

    const recovery = { ...budget, reach: 'all', seed: 1, images: 6, pairs: 0 } as const;
    await expect(answer('recover', { model, plans, images, options: recovery })).rejects.toMatchObject({
      code: 'not-finite',
      message: sentence,
    });
  });

  it('has weights of zero gives no signal, never 1.0000', async () => {
    const model = await modelWith(0);
    const options = { ...budget, metric: 'flat' } as const;
    for (const metric of ['flat', 'channel'] as const) {
      const { measurement } = await answer('measure', { model, input, options: { ...options, metric } });
      expect(measurement.heatmaps.map(({ layer }) => layer.name)).toEqual(['conv1', 'pool']);
      expect(measurement.omitted).toContainEqual({ layer: 'conv2', label: 'conv2', node: 'conv2', tensor: 'conv2', reason: silence });
      expect(measurement.output).toEqual({ reason: 'The output of the model is zero at every shift, so it tells no class.' });
      const deployed = await answer('measure-deployed', { model, input, options: { ...options, metric, pattern: 'diagonal', largest: 1 } });
      expect(deployed.measurement.heatmaps.map(({ layer }) => layer)).toEqual(['conv1', 'pool']);
      expect(deployed.measurement.omitted).toEqual([{ layer: 'conv2', label: 'conv2', node: 'conv2', tensor: 'conv2', reason: silence }]);
      for (const { maps, classes } of [
        shownInPanel(circularMessages({ measurement, picture: null, classNames: null })),
        shownInPanel(deployedMessages(deployed.measurement, deployed.notes)),
      ]) {
        expect(maps?.heatmaps.map(({ name }) => name)).toEqual(['conv1', 'pool']);
        expect(maps?.omitted).toContainEqual(expect.objectContaining({ label: 'conv2', reason: silence }));
        expect(classes).toBeNull();
      }
    }
    const { maps } = await answer('features', {
      model,
      input,
      options: { ...options, layer: 'conv2', shift: [1, 1], channels: { first: 0, count: 1 } },
    });
    expect(maps.equivariance).toBeNull();
    const { rows, failed } = await answer('classify', { model, images, options: { ...budget, pairs: 2, seed: 1 } });
    expect(rows).toEqual([]);
    expect(failed[0]?.reason).toMatch(/gets scores that are all zero, so there is no class to compare\.$/);
    const variants = [
      { label: 'none', plans: [] },
      { label: 'tri-3', plans: await plansOf(model) },
    ];
    const compared = await answer('measure-variants', { model, input, options, variants, images: [], pairs: 2, seed: 1 });
    for (const { measurement } of compared.variants)
      expect(measurement.omitted).toContainEqual({ layer: 'conv2', label: 'conv2', node: 'conv2', tensor: 'conv2', reason: silence });
  });

  it('is whole is measured in all of its layers', async () => {
    const { measurement } = await answer('measure', { model: await modelWith(), input, options: { ...budget, metric: 'flat' } });
    expect(measurement.heatmaps.map(({ layer }) => layer.name)).toEqual(['conv1', 'pool', 'conv2']);
    expect(measurement.output).toHaveProperty('tile');
    expect(measurement.meaningless).toEqual([]);
  });
});

it('values whose squares leave 32 bits are numbers all the same', async () => {
  const geometry = { layout: 'channels-first', channels: 2, size: [4, 4] } as const;
  const small = noise(32, 3);
  const large = small.map((value) => value * 1e25);
  const products = await wasmProducts();
  const value = (map: Float32Array): number =>
    equivarianceAt(referenceMap(map, geometry, 'flat'), map.slice().reverse(), [1, 1], [2, 2], products);
  expect(value(large)).toBeCloseTo(value(small), 5);
});
