import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelFormat } from '../../../src/core/formats/format';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { inMemory } from '../engine-onnx/measuring';
import { answer } from '../engine-onnx/serving';
import { read } from '../onnx/models';
import { copied } from './every-shift';
import { randomNumbers } from '../equivariance/brute-force';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { difference, float, GraphBuilder, ints, run as runGraph, windowed, type Values } from '../tfjs-graph/graph-builder';
import { loadModel, saveModel } from '../tfjs-layers/memory-model';

/** Models of TensorFlow.js that leave their image size open are fixed for the size that is chosen. */
const channels = 3;

function graphModel(padding: 'SAME' | 'VALID'): MemoryModel {
  const builder = new GraphBuilder();
  const image = builder.input([-1, -1, -1, channels]);
  const pool = builder.op('MaxPool', 'pool', [image], { ...windowed([2, 2], padding), ksize: ints(1, 3, 3, 1), T: float });
  const conv = builder.op('Conv2D', 'conv', [pool, builder.weight('w', [3, 3, channels, 4])], windowed([2, 2], padding));
  builder.op('Relu', 'end', [conv]);
  return builder.model(['end']);
}

function layersModel(padding: 'same' | 'valid', kind: 'functional' | 'sequential'): Promise<MemoryModel> {
  const down = [
    tf.layers.maxPooling2d({
      name: 'pool',
      poolSize: 3,
      strides: 2,
      padding,
      ...(kind === 'sequential' && { inputShape: [null, null, channels] }),
    }),
    tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, strides: 2, padding, activation: 'relu' }),
    tf.layers.conv2d({ name: 'end', filters: 2, kernelSize: 1 }),
  ];
  if (kind === 'sequential') return saveModel(tf.sequential({ layers: down }));
  const image = tf.input({ shape: [null, null, channels], name: 'image' });
  const outputs = down.reduce<tf.SymbolicTensor>((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, image);
  return saveModel(tf.model({ inputs: image, outputs }));
}

async function fix(format: ModelFormat, model: MemoryModel, filter: BlurFilterName, imageSize?: AxisPair) {
  const opened = await format.open({ ...sourceOf(model), ...(imageSize && { imageSize }) });
  const findings = lintGraph(opened, { filter: blurFilter(filter) });
  const plans = findings.flatMap(({ fix: result }) => (result.ok ? [result.plan] : []));
  const refused = findings.flatMap(({ fix: result }) => (result.ok ? [] : [result.reason]));
  return { model: patched(model, await opened.patch(plans)), fixed: plans.map(({ layer }) => layer), refused };
}

async function runLayers(model: MemoryModel, shape: readonly number[]): Promise<Values> {
  const loaded = await loadModel(model);
  const count = shape.reduce((product, length) => product * length, 1);
  const result = loaded.predict(tf.tensor(randomNumbers(count, 3), [...shape])) as tf.Tensor;
  return { shape: result.shape, values: Float32Array.from(result.dataSync()) };
}

const cases = [
  ['graph-model, SAME', tfjsGraphFormat, () => Promise.resolve(graphModel('SAME'))],
  ['graph-model, VALID', tfjsGraphFormat, () => Promise.resolve(graphModel('VALID'))],
  ['functional layers-model, SAME', tfjsLayersFormat, () => layersModel('same', 'functional')],
  ['sequential layers-model, VALID', tfjsLayersFormat, () => layersModel('valid', 'sequential')],
] as const;

describe.each(cases)('%s', (_, format, build) => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  const runModel = async (model: MemoryModel, shape: readonly number[]): Promise<Values> =>
    format === tfjsGraphFormat ? (await runGraph(model, [...shape]))[0]! : runLayers(model, shape);

  it.each([
    [16, 16],
    [15, 18],
    [13, 13],
  ] as const)('is fixed for %i x %i, every sample in its place', async (height, width) => {
    const original = await build();
    const shape = [1, height, width, channels];
    const same = await fix(format, original, 'identity', [height, width]);
    expect(same).toMatchObject({ fixed: ['pool', 'conv'], refused: [] });
    const [before, after] = [await runModel(original, shape), await runModel(same.model, shape)];
    expect(after.shape).toEqual(before.shape);
    expect(difference(after, before)).toBeLessThan(2e-6);
    const blurred = await fix(format, original, 'tri-3', [height, width]);
    expect(blurred).toMatchObject({ fixed: ['pool', 'conv'], refused: [] });
    expect((await runModel(blurred.model, shape)).shape).toEqual(before.shape);
    expect(lintGraph(await format.open({ ...sourceOf(blurred.model), imageSize: [height, width] }))).toEqual([]);
  });

  it('is told no numbers of a size that nobody chose', async () => {
    const { graph, cost } = await format.open(sourceOf(await build()));
    expect(cost()).toBeUndefined();
    for (const tensor of graph.tensors.values()) expect(tensor.shape?.slice(1, 3) ?? [null, null]).toEqual([null, null]);
    const sized = await format.open({ ...sourceOf(await build()), imageSize: [16, 16] });
    expect(sized.cost()!.multiplyAdds).toBeGreaterThan(0);
  });
});

it('padding that a graph works out from a size nobody declared is known at the size that is measured', async () => {
  const file = readFileSync(path.resolve(import.meta.dirname, '../../fixtures/field/onnx/timm_conv2dsame.onnx'));
  const [output = ''] = (await read(file)).outputs;
  const open = encodeModel(copied(file, [1, 3, 'h', 'w'], [encodeValueInfo(output, 1)]).parts);
  const measure = (bytes: Uint8Array, size?: AxisPair) =>
    answer('measure', {
      model: inMemory(bytes),
      input: { kind: 'pattern' },
      options: { metric: 'flat', memoryBudgetBytes: 2 ** 30, ...(size && { size }) },
    });
  const [declared, chosen] = [(await measure(file)).measurement, (await measure(open, [32, 32])).measurement];
  expect(declared.size).toEqual([32, 32]);
  expect(chosen.omitted).toEqual(declared.omitted);
  expect(chosen.heatmaps.map(({ layer, tile }) => [layer.label, tile])).toEqual(
    declared.heatmaps.map(({ layer, tile }) => [layer.label, tile]),
  );
  expect(chosen.notes).toContainEqual(expect.stringContaining('leaves its image size open; it is measured at 32 x 32'));
});
