import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { encodeIntegerTensor, encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { answer } from '../engine-onnx/serving';
import { floatTensor } from '../onnx/models';
import { step } from '../onnx/nested-parts';
import { GraphBuilder, windowed } from '../tfjs-graph/graph-builder';
import type { MemoryModel } from '../tfjs-files';
import { saveModel } from '../tfjs-layers/memory-model';

const input = { kind: 'pattern' } as const;
const options = { memoryBudgetBytes: 2 ** 28, metric: 'flat' } as const;

interface Told {
  readonly maps: Readonly<Record<string, number>>;
  readonly left: Readonly<Record<string, string>>;
  readonly notes: MeasureReport['notes'];
}

/** Means of the layers that are measured, and why the others are left out. */
async function measured(model: ModelPayload): Promise<Told> {
  const { measurement } = await answer('measure', { model, input, options });
  return {
    maps: Object.fromEntries(measurement.heatmaps.map(({ layer, mean }) => [layer.label, mean])),
    left: Object.fromEntries(measurement.omitted.map(({ label, reason }) => [label, reason])),
    notes: measurement.notes,
  };
}

async function measuredAsDeployed(model: ModelPayload): Promise<Told> {
  const request = { model, input, options: { ...options, pattern: 'diagonal', largest: 2 } } as const;
  const { measurement, notes } = await answer('measure-deployed', request);
  return {
    maps: Object.fromEntries(measurement.heatmaps.map(({ label, mean }) => [label, mean])),
    left: Object.fromEntries(measurement.omitted.map(({ label, reason }) => [label, reason])),
    notes,
  };
}

const stem = [
  step('Conv', 'x w1', 'conv1', { attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } } }),
  step('Relu', 'conv1', 'relu1'),
];

/** A head behind a map of four channels. */
const head = (map: string): readonly Uint8Array[] => [
  step('Conv', `${map} w2`, 'conv2', { attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } } }),
  step('GlobalAveragePool', 'conv2', 'mean'),
  step('Flatten', 'mean', 'scores'),
];

/** A stem, something on `relu1`, and a head; weights are those of the names. */
function onnx(
  nodes: readonly Uint8Array[],
  more: readonly Uint8Array[] = [],
  outputs = ['scores'],
  declared: readonly Uint8Array[] = [],
): ModelPayload {
  const bytes = encodeModel({
    irVersion: 9,
    opsets: { '': 20, 'my.domain': 1 },
    nodes: [...stem, ...nodes],
    initializers: [floatTensor('w1', [4, 3, 3, 3], 1), floatTensor('w2', [6, 4, 3, 3], 2), ...more],
    inputs: [encodeValueInfo('x', 1, [1, 3, 16, 16])],
    outputs: outputs.map((name) => encodeValueInfo(name)),
    valueInfo: declared,
  });
  return { path: 'net.onnx', bytes, folder: '.', overlay: {} };
}

/** A spatial transformer: a grid that the map itself decides on, and the map read there. */
const transformer = [
  step('GlobalAveragePool', 'relu1', 'seen'),
  step('Flatten', 'seen', 'flat'),
  step('Gemm', 'flat w3', 'numbers'),
  step('Reshape', 'numbers rows', 'theta'),
  step('AffineGrid', 'theta size', 'grid'),
  step('GridSample', 'relu1 grid', 'sampled'),
];
const transformerWeights = [
  floatTensor('w3', [4, 6], 3),
  encodeIntegerTensor('rows', [3], [-1, 2, 3]),
  encodeIntegerTensor('size', [4], [1, 4, 8, 8]),
];

describe('what cannot be measured is left out by name, and the rest is measured: of ONNX,', () => {
  it('the tail behind a spatial transformer', async () => {
    const plain = await measured(onnx(head('relu1')));
    const { maps, left } = await measured(onnx([...transformer, ...head('sampled')], transformerWeights));
    expect(maps).toEqual({ conv1: plain.maps['conv1'], relu1: plain.maps['relu1'] });
    expect(Object.keys(left)).toEqual(['grid', 'sampled', 'conv2', 'mean', 'scores']);
    for (const reason of Object.values(left))
      expect(reason).toBe(
        'Layer "grid" (AffineGrid) cannot be followed: AffineGrid reads at places that are computed while the model runs.',
      );
    const deployed = await measuredAsDeployed(onnx([...transformer, ...head('sampled')], transformerWeights));
    expect(Object.keys(deployed.maps)).toEqual(['conv1', 'relu1', 'conv2']);
    expect(deployed.left).toEqual({
      grid: 'Layer "grid" (AffineGrid) is not measured: AffineGrid reads at places that are computed while the model runs.',
      sampled: 'Layer "sampled" (GridSample) is not measured: GridSample reads at places that are computed while the model runs.',
    });
  });

  it('a spatial transformer beside the way to the scores', async () => {
    const plain = await measured(onnx(head('relu1')));
    const nodes = [...transformer, step('GlobalMaxPool', 'sampled', 'best'), ...head('relu1')];
    const { maps, left } = await measured(onnx(nodes, transformerWeights, ['scores', 'best']));
    expect(maps).toEqual(plain.maps);
    expect(Object.keys(left)).toEqual(['grid', 'sampled', 'best']);
  });

  it('an operator that only its authors have, and what is behind it', async () => {
    const odd = step('MadeUp', 'relu1', 'odd', { domain: 'my.domain' });
    const declared = [encodeValueInfo('odd', 1, [1, 4, 8, 8])];
    const model = onnx([odd, ...head('odd')], [], ['scores'], declared);
    const plain = await measured(onnx(head('relu1')));
    const { maps, left } = await measured(model);
    expect(maps).toEqual({ conv1: plain.maps['conv1'], relu1: plain.maps['relu1'] });
    expect(Object.keys(left)).toEqual(['odd', 'conv2', 'mean', 'scores']);
    expect(new Set(Object.values(left))).toEqual(
      new Set(['Layer "odd" (MadeUp) cannot be followed: Shiftlint has no knowledge of the operator MadeUp.']),
    );
    const deployed = await measuredAsDeployed(model);
    expect(deployed.maps).toEqual((({ conv1, relu1 }) => ({ conv1, relu1 }))((await measuredAsDeployed(onnx(head('relu1')))).maps));
    expect(deployed.left).toEqual({
      odd: 'Layer "odd" (MadeUp) is not measured: Shiftlint has no knowledge of the operator MadeUp.',
      conv2: expect.stringMatching(
        /^ONNX Runtime cannot run layer "odd" \(MadeUp\) of "net\.onnx": [^\n]*not a registered function\/op\.$/,
      ),
    });
  });

  it.each<[string, readonly Uint8Array[], readonly Uint8Array[], readonly string[]]>([
    [
      'positions at uneven places, which have a value of their own for every shift',
      [step('Gather', 'relu1 places', 'some', { attributes: { axis: { int: 3 } } }), ...head('some')],
      [encodeIntegerTensor('places', [4], [0, 2, 5, 7])],
      ['conv1', 'relu1', 'some', 'conv2'],
    ],
    [
      'channels in another order',
      [step('Gather', 'relu1 places', 'some', { attributes: { axis: { int: 1 } } }), ...head('some')],
      [encodeIntegerTensor('places', [4], [3, 1, 0, 2])],
      ['conv1', 'relu1', 'some', 'conv2'],
    ],
    [
      'the channel of each position that the map itself names, whole numbers in between',
      [
        step('ArgMax', 'relu1', 'which', { attributes: { axis: { int: 1 } } }),
        step('GatherElements', 'relu1 which', 'best', { attributes: { axis: { int: 1 } } }),
        step('GlobalAveragePool', 'best', 'mean'),
        step('Flatten', 'mean', 'scores'),
      ],
      [],
      ['conv1', 'relu1', 'which', 'best'],
    ],
  ])('nothing of what gathers %s', async (_, nodes, weights, names) => {
    const { maps, left } = await measured(onnx(nodes, weights));
    expect(Object.keys(maps)).toEqual(names);
    expect(left).toEqual({});
    expect(Object.keys((await measuredAsDeployed(onnx(nodes, weights))).maps)).toEqual(names);
  });
});

function payloadOf({ text, files }: MemoryModel): ModelPayload {
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

/** A graph-model with something on the map of its first layers. */
function graphModel(odd: (builder: GraphBuilder, map: string) => string): ModelPayload {
  const builder = new GraphBuilder();
  const first = builder.op(
    'Conv2D',
    'conv1',
    [builder.input([1, 16, 16, 3]), builder.weight('w1', [3, 3, 3, 4])],
    windowed([2, 2], 'SAME'),
  );
  const map = builder.op('Relu', 'relu1', [first]);
  const second = builder.op('Conv2D', 'conv2', [odd(builder, map), builder.weight('w2', [3, 3, 4, 6])], windowed([2, 2], 'SAME'));
  builder.op('Relu', 'relu2', [second]);
  return payloadOf(builder.model(['relu2']));
}

describe('of graph-models,', () => {
  it.each<[string, string, (builder: GraphBuilder, map: string) => string]>([
    [
      'what is read at computed places',
      'odd',
      (builder, map) =>
        builder.op('ImageProjectiveTransformV3', 'odd', [
          map,
          builder.constant('turn', [1, 8], [1, 0, 0, 0, 1, 0, 0, 0], 'float32'),
          builder.constant('size', [2], [8, 8]),
          builder.constant('fill', [], [0], 'float32'),
        ]),
    ],
    ['an operator that only its authors have', 'odd', (builder, map) => builder.op('MadeUp', 'odd', [map])],
  ])('%s, and what is behind it', async (_, name, odd) => {
    const plain = await measured(graphModel((__, map) => map));
    const { maps, left } = await measured(graphModel(odd));
    expect(maps).toEqual({ conv1: plain.maps['conv1'], relu1: plain.maps['relu1'] });
    expect(Object.keys(left)).toEqual([name, 'conv2', 'relu2']);
    for (const reason of Object.values(left)) expect(reason).toMatch(/^Layer "odd" \(\w+\) cannot be followed: [^\n]*\.$/);
  });
});

/** A layer or a model as TensorFlow.js saves it. */
interface SavedLayer {
  class_name: string;
  readonly config: { readonly name: string; readonly layers?: readonly SavedLayer[] };
}

function renameClass(layer: SavedLayer): void {
  if (layer.config.name === 'odd') layer.class_name = 'MyLayer';
  layer.config.layers?.forEach(renameClass);
}

/** A network as saved, but its layer "odd" is of a class that nobody knows. */
async function withUnknownClass(model: tf.LayersModel): Promise<ModelPayload> {
  const { text, files } = await saveModel(model);
  const json = JSON.parse(text) as { modelTopology: SavedLayer };
  renameClass(json.modelTopology);
  return payloadOf({ text: JSON.stringify(json), files });
}

const seeded = { kernelInitializer: tf.initializers.randomNormal({ seed: 1 }) };

function convolution(name: string): ReturnType<typeof tf.layers.conv2d> {
  return tf.layers.conv2d({
    name,
    filters: 4,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    ...seeded,
  });
}

describe('of layers-models,', () => {
  it('a layer of a class of its authors in a chain, and what is behind it', async () => {
    const image = { name: 'conv1', inputShape: [16, 16, 3], filters: 4, kernelSize: 3, strides: 2 };
    const first = tf.layers.conv2d({ ...image, padding: 'same', kernelInitializer: tf.initializers.randomNormal({ seed: 1 }) });
    const chain = tf.sequential({ layers: [first, tf.layers.activation({ name: 'odd', activation: 'relu' }), convolution('conv2')] });
    const model = await withUnknownClass(chain);
    const { maps, left } = await measured(model);
    expect(Object.keys(maps)).toEqual(['conv1']);
    expect(maps['conv1']).toBe((await measured(payloadOf(await saveModel(tf.sequential({ layers: [first] }))))).maps['conv1']);
    expect(Object.keys(left)).toEqual(['odd', 'conv2']);
    for (const reason of Object.values(left))
      expect(reason).toBe('Layer "odd" (MyLayer) cannot be followed: Shiftlint does not know layers of the class MyLayer.');
    const deployed = await measuredAsDeployed(model);
    expect(Object.keys(deployed.maps)).toEqual(['conv1']);
    const reason = 'Layer "odd" (MyLayer) is not measured: Shiftlint does not know layers of the class MyLayer.';
    expect(deployed.left).toEqual({ odd: reason, conv2: reason });
  });

  it('such a layer in a model inside, in a chain or a graph, and what is behind both', async () => {
    const chain = tf.sequential({
      name: 'inner',
      layers: [
        tf.layers.conv2d({ name: 'conv1', inputShape: [16, 16, 3], filters: 4, kernelSize: 3, strides: 2, padding: 'same', ...seeded }),
        tf.layers.activation({ name: 'odd', activation: 'relu' }),
        tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      ],
    });
    const begin = tf.input({ shape: [16, 16, 3] });
    const map = convolution('conv1').apply(begin) as tf.SymbolicTensor;
    const odd = tf.layers.activation({ name: 'odd', activation: 'relu' }).apply(map) as tf.SymbolicTensor;
    const graph = tf.model({
      name: 'inner',
      inputs: begin,
      outputs: tf.layers.add({ name: 'sum' }).apply([map, odd]) as tf.SymbolicTensor,
    });
    const image = { name: 'image', filters: 3, kernelSize: 3, padding: 'same' as const, ...seeded };
    for (const [inner, last] of [
      [chain, 'pool'],
      [graph, 'sum'],
    ] as const) {
      const outer = tf.input({ shape: [16, 16, 3] });
      const before = tf.layers.conv2d(image).apply(outer);
      const deep = convolution('conv2').apply(inner.apply(before));
      const whole = tf.model({ inputs: outer, outputs: deep as tf.SymbolicTensor });
      const part = tf.model({ inputs: outer, outputs: inner.getLayer('conv1').apply(before) as tf.SymbolicTensor });
      const expected = (await measured(payloadOf(await saveModel(part)))).maps;
      const model = await withUnknownClass(whole);
      const { maps, left } = await measured(model);
      expect(maps).toEqual({ image: expected['image'], 'inner/conv1': expected['conv1'] });
      expect(Object.keys(left)).toEqual(['inner/odd', `inner/${last}`, 'conv2']);
      for (const reason of Object.values(left)) expect(reason).toContain('does not know layers of the class MyLayer');
      expect(Object.keys((await measuredAsDeployed(model)).maps)).toEqual(['image', 'inner/conv1']);
    }
  });

  it('such a layer beside the way to the scores', async () => {
    const image = tf.input({ shape: [16, 16, 3] });
    const map = convolution('conv1').apply(image);
    const odd = tf.layers.activation({ name: 'odd', activation: 'relu' }).apply(map);
    const beside = convolution('beside').apply(odd);
    const deep = convolution('conv2').apply(map);
    const scores = tf.layers.globalAveragePooling2d({ name: 'scores' }).apply(deep);
    const outputs = [scores, beside] as tf.SymbolicTensor[];
    const { maps, left } = await measured(await withUnknownClass(tf.model({ inputs: image, outputs })));
    expect(Object.keys(maps)).toEqual(['conv1', 'conv2']);
    expect(Object.keys(left)).toEqual(['odd', 'beside']);
  });
});
