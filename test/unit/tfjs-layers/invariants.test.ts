import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { loadModel, patched, saveModel, sourceOf, type MemoryModel } from './memory-model';

type Kind = 'max-pool' | 'conv + relu' | 'conv, norm, relu' | 'depthwise' | 'shortcut' | 'separable';

interface Case {
  readonly kind: Kind;
  readonly api: 'sequential' | 'functional';
  readonly layout: 'channelsLast' | 'channelsFirst';
  readonly padding: 'same' | 'valid';
  readonly kernel: number;
  readonly strides: [number, number];
  /** Height and width. */
  readonly size: [number, number];
}

const kinds = ['max-pool', 'conv + relu', 'conv, norm, relu', 'depthwise', 'shortcut', 'separable'] as const;

function* cases(): Generator<Case> {
  for (const kind of kinds)
    for (const api of ['sequential', 'functional'] as const)
      for (const layout of layoutsOf(kind))
        for (const padding of ['same', 'valid'] as const)
          for (const kernel of kernelsOf(kind, layout))
            for (const strides of stridesOf(kind))
              for (const size of [[8, 8], [9, 7], [11, 12]] as [number, number][]) yield { kind, api, layout, padding, kernel, strides, size };
}

/**
 * With the channels first, tfjs has no separable convolution, and its cpu and wasm backends apply a batch normalisation's constants
 * by position instead of by channel (the native backend is right), so that there is no right output to keep.
 */
function layoutsOf(kind: Kind): readonly Case['layout'][] {
  return kind === 'max-pool' || kind === 'conv + relu' || kind === 'depthwise' ? ['channelsLast', 'channelsFirst'] : ['channelsLast'];
}

function kernelsOf(kind: Kind, layout: Case['layout']): readonly number[] {
  if (kind === 'shortcut') return [1];
  if (layout === 'channelsFirst') return [2, 3];
  return kind === 'separable' || kind === 'depthwise' ? [2, 3, 5] : [1, 2, 3, 4, 5];
}

/** A separable or depthwise layer has one stride for both axes in TensorFlow. */
function stridesOf(kind: Kind): readonly [number, number][] {
  return kind === 'depthwise' || kind === 'separable' ? [[2, 2], [3, 3]] : [[2, 2], [3, 3], [2, 1], [1, 3]];
}

const table = [...cases()];

function layersOf({ kind, layout: dataFormat, padding, kernel, strides }: Case): tf.layers.Layer[] {
  const window = { kernelSize: [kernel, kernel] as [number, number], strides, padding, dataFormat, biasInitializer: 'randomNormal' as const };
  const norm = { name: 'norm', betaInitializer: 'randomNormal', movingMeanInitializer: 'randomNormal' } as const;
  switch (kind) {
    case 'max-pool':
      return [tf.layers.maxPooling2d({ name: 'down', poolSize: [kernel, kernel], strides, padding, dataFormat })];
    case 'conv + relu':
      return [tf.layers.conv2d({ name: 'down', filters: 3, activation: 'relu', ...window })];
    case 'conv, norm, relu':
      return [tf.layers.conv2d({ name: 'down', filters: 3, ...window }), tf.layers.batchNormalization(norm), tf.layers.reLU({ name: 'relu' })];
    case 'depthwise':
      return [tf.layers.depthwiseConv2d({ name: 'down', activation: 'relu6', ...window })];
    case 'shortcut':
      return [tf.layers.conv2d({ name: 'down', filters: 3, ...window }), tf.layers.batchNormalization(norm)];
    case 'separable':
      return [tf.layers.separableConv2d({ name: 'down', filters: 3, activation: 'relu', ...window })];
  }
}

function imageShape({ layout, size }: Case): number[] {
  return layout === 'channelsFirst' ? [2, ...size] : [...size, 2];
}

/** A pointwise layer in front and one behind, so that a reader has to be rewired and nothing is the model's stem. */
function build(testCase: Case): tf.LayersModel {
  const inputShape = imageShape(testCase);
  const pointwise = { filters: 2, kernelSize: 1, dataFormat: testCase.layout };
  const before = tf.layers.conv2d({ name: 'before', ...pointwise, ...(testCase.api === 'sequential' ? { inputShape } : {}) });
  const after = tf.layers.conv2d({ name: 'after', ...pointwise });
  const layers = [before, ...layersOf(testCase), after];
  if (testCase.api === 'sequential') return tf.sequential({ layers });
  const input = tf.input({ shape: inputShape, name: 'image' });
  const output = layers.reduce<tf.SymbolicTensor>((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
}

async function fix(model: MemoryModel, filter: BlurFilterName): Promise<MemoryModel> {
  const source = sourceOf(model);
  const findings = lintGraph(await tfjsLayersFormat.read(source), { filter: blurFilter(filter) });
  expect(findings.map(({ layer }) => layer)).toEqual(['down']);
  const plans = findings.flatMap(({ fix: result }) => (result.ok ? [result.plan] : []));
  const patch = await tfjsLayersFormat.patch(source, plans);
  expect(patch.outcomes).toMatchObject([{ ok: true, layer: 'down' }]);
  return patched(model, patch);
}

function run(model: tf.LayersModel, image: tf.Tensor): { shape: number[]; values: Float32Array } {
  return tf.tidy(() => {
    const output = model.predict(image) as tf.Tensor;
    return { shape: output.shape, values: output.dataSync() as Float32Array };
  });
}

describe(`invariants of fixes in layers-models (${table.length} cases, each with identity and Tri-3)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    console.log(`Invariants of fixes in layers-models: ${table.length} cases.`);
  });

  it.each(table)('$kind $api $layout $padding kernel $kernel stride $strides size $size', async (testCase) => {
    const model = build(testCase);
    const original = await saveModel(model);
    const image = tf.randomNormal([2, ...imageShape(testCase)], 0, 1, 'float32', 7);
    const expected = run(model, image);
    const identity = await loadModel(await fix(original, 'identity'));
    const same = run(identity, image);
    expect(same.shape).toEqual(expected.shape);
    expect(Math.max(...same.values.map((value, index) => Math.abs(value - expected.values[index]!)))).toBeLessThan(1e-6);
    const blurred = await fix(original, 'tri-3');
    const blurredModel = await loadModel(blurred);
    expect(run(blurredModel, image).shape).toEqual(expected.shape);
    expect(lintGraph(await tfjsLayersFormat.read(sourceOf(blurred)))).toEqual([]);
    for (const disposable of [model, identity, blurredModel, image]) disposable.dispose();
  });
});
