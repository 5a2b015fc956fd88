import * as tf from '@tensorflow/tfjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lintGraph } from '../../../src/core/lint/linter';
import type { LinearLayer, LinearWeights } from '../../../src/core/recover/linear-layer';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { readModel } from '../../../src/engine/input/read-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { inMemory } from '../engine-onnx/measuring';
import { NetworkBuilder } from '../engine-onnx/network-builder';
import { answer } from '../engine-onnx/serving';
import { saveModel } from '../tfjs-layers/memory-model';
import { averaged, blurred, convolved, optimum, shownMaps, windowAt, writeNoise, type Maps, type Rows } from './linear-network';

const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const noise = writeNoise(folder, 15, 12);
const options = { reach: 'all', seed: 3, images: 15, pairs: 0, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' } as const;

const threes = { kernel: [3, 3], pads: [1, 1, 1, 1] };

/** A convolution, an average-pool that is fixed, and what stands behind it: all linear. */
function linear(behind: (builder: NetworkBuilder, map: string) => string): ModelPayload {
  const builder = new NetworkBuilder();
  const pooled = builder.averagePool(builder.convolution('image', { from: 3, to: 4 }, threes), { kernel: [2, 2], stride: [2, 2] });
  return inMemory(builder.build([3, 12, 12], behind(builder, pooled)));
}

async function inTfjs(behind: tf.layers.Layer): Promise<ModelPayload> {
  const convolution = tf.layers.conv2d({
    inputShape: [12, 12, 3],
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    biasInitializer: 'randomNormal',
  });
  const model = tf.sequential({ layers: [convolution, tf.layers.averagePooling2d({ poolSize: 2 }), behind] });
  const { text, files } = await saveModel(model);
  model.dispose();
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

const networks: readonly (readonly [string, () => ModelPayload | Promise<ModelPayload>])[] = [
  ['a convolution', () => linear((builder, map) => builder.convolution(map, { from: 4, to: 5 }, threes))],
  ['a grouped convolution', () => linear((builder, map) => builder.convolution(map, { from: 4, to: 6, groups: 2 }, threes))],
  ['a depthwise convolution', () => linear((builder, map) => builder.convolution(map, { from: 4, to: 4, groups: 4 }, threes))],
  [
    'a convolution without a bias in front of a normalisation',
    () => linear((builder, map) => builder.normalise(builder.convolution(map, { from: 4, to: 5 }, threes), 5)),
  ],
  [
    'a dense layer',
    () => linear((builder, map) => builder.dense(builder.node('Flatten', [builder.node('GlobalAveragePool', [map])]), 4, 3)),
  ],
  ['a convolution of TensorFlow.js', () => inTfjs(tf.layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same' }))],
  ['a depthwise convolution of TensorFlow.js', () => inTfjs(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }))],
];

async function plansOf(payload: ModelPayload, filter: 'bin-5' | 'identity'): Promise<readonly BlurPlan[]> {
  const { opened } = await readModel(payload);
  return lintGraph(opened, { filter: blurFilter(filter), plan: {} }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
}

async function linearLayers(payload: ModelPayload): Promise<readonly LinearLayer[]> {
  const { opened } = await readModel(payload);
  return opened.graph.layers.flatMap((layer) => {
    const found = opened.linear(layer);
    return found === undefined || 'reason' in found ? [] : [found];
  });
}

/** What the layer reads at every position, by group. */
function rowsRead(maps: Maps, { window, groups }: LinearLayer): readonly (readonly number[][])[] {
  const { side, channels, data } = maps;
  if (window === undefined) {
    const mean = Array.from({ length: channels }, (_, channel) =>
      data.subarray(channel * side ** 2, (channel + 1) * side ** 2).reduce((sum, value) => sum + value / side ** 2, 0),
    );
    return [[mean]];
  }
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: side ** 2 }, (_place, place) =>
      windowAt(maps, (group * channels) / groups, channels / groups, Math.floor(place / side), place % side),
    ),
  );
}

/** The closed form of the last layer: rows of weights, the bias last where one is solved for. */
async function closedForm(payload: ModelPayload, plan: BlurPlan): Promise<readonly (readonly number[])[]> {
  const [first, last] = await linearLayers(payload);
  const [own, old] = [await first!.read(), await last!.read()];
  const rows = Array.from({ length: last!.groups }, () => [true, false].map((): Rows => ({ inputs: [], targets: [] })));
  const perGroup = last!.outputs / last!.groups;
  const rowOf = ({ weights }: LinearWeights, output: number): number[] => [
    ...weights.subarray(output * last!.unknowns, (output + 1) * last!.unknowns),
    ...(last!.biasPlace === 'none' ? [] : [old.bias?.[output] ?? 0]),
  ];
  for (const { image, isHeldOut } of shownMaps(noise, options.seed, 4)) {
    const map = convolved(image, own, first!.outputs);
    const [before, after] = [rowsRead(averaged(map), last!), rowsRead(blurred(map, plan.blur), last!)];
    for (const [group, [fitted, heldOut]] of rows.entries()) {
      const target = isHeldOut ? heldOut! : fitted!;
      const biased = (row: readonly number[]): number[] => (last!.biasPlace === 'none' ? [...row] : [...row, 1]);
      target.inputs.push(...after[group]!.map(biased));
      for (const row of before[group]!.map(biased)) {
        target.targets.push(
          Array.from({ length: perGroup }, (_, output) =>
            rowOf(old, group * perGroup + output).reduce((sum, weight, place) => sum + weight * row[place]!, 0),
          ),
        );
      }
    }
  }
  return optimum(
    rows.map(([fitted, heldOut], group) => ({
      fitted: fitted!,
      heldOut: heldOut!,
      old: Array.from({ length: perGroup }, (_, output) => rowOf(old, group * perGroup + output)),
    })),
  );
}

describe.each(networks)('behind a fixed average-pool, %s', (_name, network) => {
  it('gets the weights of the closed form', async () => {
    const payload = await network();
    const plans = await plansOf(payload, 'bin-5');
    expect(plans).toHaveLength(1);
    const { weights, report } = await answer('recover', { model: payload, plans, images: noise.files, options });
    expect(report).toMatchObject({ images: 15, heldOut: 3, shifts: 4, left: [], failed: [] });
    expect(report.layers).toMatchObject([{ kept: false, onlyScale: false }]);
    const [[layer, solved]] = [...weights] as [[string, LinearWeights]];
    const expected = await closedForm(payload, plans[0]!);
    const unknowns = solved.weights.length / expected.length;
    const found = expected.map((_row, output) => [
      ...solved.weights.subarray(output * unknowns, (output + 1) * unknowns),
      ...(solved.bias === undefined ? [] : [solved.bias[output]!]),
    ]);
    const largest = Math.max(...expected.flat().map(Math.abs));
    expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
    const differences = found.flatMap((row, output) => row.map((value, place) => Math.abs(value - expected[output]![place]!)));
    expect(Math.max(...differences) / largest, layer).toBeLessThan(1e-4);
  });

  it('keeps its weights bit for bit behind the identity filter', async () => {
    const payload = await network();
    const { weights, report } = await answer('recover', {
      model: payload,
      plans: await plansOf(payload, 'identity'),
      images: noise.files,
      options,
    });
    expect(weights.size).toBe(0);
    expect(report.layers).toMatchObject([{ kept: true }]);
  });
});
