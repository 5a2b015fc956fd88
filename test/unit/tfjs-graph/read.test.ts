import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import type { Layer, ModelGraph } from '../../../src/core/graph/model-graph';
import { analyseSampling, spatialShape } from '../../../src/core/graph/sampling';
import { lintGraph } from '../../../src/core/lint/linter';
import { sourceOf, type MemoryModel } from '../tfjs-files';
import { difference, flag, float, GraphBuilder, int, ints, run, runForShapes, text, texts, windowed } from './graph-builder';
import { rewritable } from '../graph-builder';

const image = [1, 8, 12, 4] as const;
const read = (model: MemoryModel): Promise<ModelGraph> => tfjsGraphFormat.open(sourceOf(model)).then(({ graph }) => graph);
const layerOf = (graph: ModelGraph, name: string): Layer => graph.layers.find((layer) => layer.name === name)!;

/** Nodes on `image`, an input of 8 x 12 with 4 channels; the last one is `y`. */
type Build = (builder: GraphBuilder) => unknown;

const list = (builder: GraphBuilder, name: string, ...values: number[]): string => builder.constant(name, [values.length], values);
const scalar = (builder: GraphBuilder, name: string, value: number): string => builder.constant(name, [], [value]);
const window = windowed([2, 2], 'SAME');

/** What each operator is, in the terms of sampling theory. */
const operators: readonly (readonly [name: string, kind: string, build: Build])[] = [
  ['Conv2D', 'convolution', (b) => b.op('Conv2D', 'y', ['image', b.weight('w', [3, 3, 4, 5])], window)],
  [
    'Conv2D, dilated',
    'convolution',
    (b) => b.op('Conv2D', 'y', ['image', b.weight('w', [3, 3, 4, 5])], { ...windowed([1, 1], 'VALID'), dilations: ints(1, 2, 3, 1) }),
  ],
  [
    'Conv2D with explicit padding',
    'convolution',
    (b) => b.op('Conv2D', 'y', ['image', b.weight('w', [3, 4, 4, 5])], windowed([2, 3], [1, 0, 2, 3])),
  ],
  ['DepthwiseConv2dNative', 'convolution', (b) => b.op('DepthwiseConv2dNative', 'y', ['image', b.weight('w', [3, 3, 4, 2])], window)],
  [
    'Conv2DBackpropInput',
    'transposed-convolution',
    (b) => b.op('Conv2DBackpropInput', 'y', [list(b, 'size', 1, 16, 24, 3), b.weight('w', [2, 2, 3, 4]), 'image'], window),
  ],
  ['MaxPool', 'max-pool', (b) => b.op('MaxPool', 'y', ['image'], { ...window, ksize: ints(1, 3, 2, 1) })],
  ['AvgPool', 'average-pool', (b) => b.op('AvgPool', 'y', ['image'], { ...windowed([3, 2], 'VALID'), ksize: ints(1, 2, 2, 1) })],
  ['Pad', 'pad', (b) => b.op('Pad', 'y', ['image', b.constant('p', [4, 2], [0, 0, 1, 2, 3, 0, 0, 0])])],
  [
    'MirrorPad',
    'pad',
    (b) => b.op('MirrorPad', 'y', ['image', b.constant('p', [4, 2], [0, 0, 1, 2, 3, 0, 0, 0])], { T: float, mode: text('REFLECT') }),
  ],
  ['Pad of channels', 'channelwise', (b) => b.op('Pad', 'y', ['image', b.constant('p', [4, 2], [0, 0, 0, 0, 0, 0, 0, 2])])],
  [
    'ResizeBilinear',
    'resize',
    (b) =>
      b.op('ResizeBilinear', 'y', ['image', list(b, 'size', 4, 6)], {
        T: float,
        align_corners: flag(false),
        half_pixel_centers: flag(true),
      }),
  ],
  [
    'ResizeNearestNeighbor',
    'resize',
    (b) => b.op('ResizeNearestNeighbor', 'y', ['image', list(b, 'size', 16, 24)], { T: float, align_corners: flag(false) }),
  ],
  [
    'DepthToSpace',
    'transposed-convolution',
    (b) => b.op('DepthToSpace', 'y', ['image'], { T: float, block_size: int(2), data_format: text('NHWC') }),
  ],
  ['Slice of positions', 'slice', (b) => b.op('Slice', 'y', ['image', list(b, 'begin', 0, 1, 2, 0), list(b, 'size', -1, 5, -1, -1)])],
  ['Slice of channels', 'channelwise', (b) => b.op('Slice', 'y', ['image', list(b, 'begin', 0, 0, 0, 1), list(b, 'size', -1, -1, -1, 2)])],
  ['StridedSlice by 2', 'slice', (b) => slice(b, [0, 0, 0, 0], [0, 0, 0, 0], [1, 2, 2, 1], { begin_mask: int(15), end_mask: int(15) })],
  ['StridedSlice from the end', 'slice', (b) => slice(b, [0, -6, 1, 0], [1, 8, -1, 4], [1, 1, 1, 1])],
  ['StridedSlice behind an ellipsis', 'channelwise', (b) => slice(b, [0, 1], [0, 3], [1, 1], { ellipsis_mask: int(1) })],
  [
    'StridedSlice that drops an axis',
    'positional',
    (b) => slice(b, [0, 3], [1, 4], [1, 1], { shrink_axis_mask: int(2), begin_mask: int(1), end_mask: int(1) }),
  ],
  [
    'StridedSlice that adds an axis',
    'positional',
    (b) => slice(b, [0, 0], [1, 0], [1, 1], { new_axis_mask: int(2), begin_mask: int(1), end_mask: int(1) }),
  ],
  ['Relu', 'pointwise', (b) => b.op('Relu', 'y', ['image'])],
  ['Prelu per channel', 'pointwise', (b) => b.op('Prelu', 'y', ['image', b.weight('w', [4])])],
  ['Prelu per position', 'positional', (b) => b.op('Prelu', 'y', ['image', b.weight('w', [8, 12, 4])])],
  [
    'FusedBatchNormV3',
    'pointwise',
    (b) =>
      b.op(
        'FusedBatchNormV3',
        'y',
        ['image', ...['s', 'o', 'm'].map((name) => b.weight(name, [4])), b.constant('v', [4], [1, 2, 1, 2], 'float32')],
        { T: float, epsilon: { f: 0.001 }, data_format: text('NHWC') },
      ),
  ],
  ['Add of a constant per channel', 'pointwise', (b) => b.op('AddV2', 'y', ['image', b.weight('w', [4])])],
  ['Add of a constant per position', 'positional', (b) => b.op('AddV2', 'y', ['image', b.weight('w', [8, 12, 1])])],
  [
    'AddN',
    'merge',
    (b) =>
      b.op('AddN', 'y', ['image', b.op('MaxPool', 'r', ['image'], { ...windowed([1, 1], 'SAME'), ksize: ints(1, 3, 3, 1) })], {
        T: float,
        N: int(2),
      }),
  ],
  [
    'squeeze and excitation',
    'merge',
    (b) =>
      b.op('Mul', 'y', [
        'image',
        b.op('Sigmoid', 's', [b.op('Mean', 'm', ['image', list(b, 'axes', 1, 2)], { T: float, keep_dims: flag(true) })]),
      ]),
  ],
  ['Softmax', 'channelwise', (b) => b.op('Softmax', 'y', ['image'])],
  [
    'LRN',
    'channelwise',
    (b) => b.op('LRN', 'y', ['image'], { T: float, depth_radius: int(2), bias: { f: 1 }, alpha: { f: 1 }, beta: { f: 0.5 } }),
  ],
  [
    'ConcatV2 of channels',
    'merge',
    (b) => b.op('ConcatV2', 'y', ['image', b.op('Relu', 'r', ['image']), scalar(b, 'axis', -1)], { T: float, N: int(2) }),
  ],
  [
    'ConcatV2 of positions',
    'positional',
    (b) => b.op('ConcatV2', 'y', ['image', b.op('Relu', 'r', ['image']), scalar(b, 'axis', 1)], { T: float, N: int(2) }),
  ],
  ['Split of channels', 'channelwise', (b) => b.op('Split', 'y', [scalar(b, 'axis', 3), 'image'], { T: float, num_split: int(2) })],
  [
    'SplitV of channels',
    'channelwise',
    (b) => b.op('SplitV', 'y', ['image', list(b, 'sizes', 1, 3), scalar(b, 'axis', 3)], { T: float, num_split: int(2) }),
  ],
  [
    'GatherV2 of channels',
    'channelwise',
    (b) => b.op('GatherV2', 'y', ['image', list(b, 'places', 3, 0, 1), scalar(b, 'axis', 3)], { T: float, batch_dims: int(0) }),
  ],
  ['Tile of channels', 'channelwise', (b) => b.op('Tile', 'y', ['image', list(b, 'times', 1, 1, 1, 2)])],
  ['Tile of positions', 'positional', (b) => b.op('Tile', 'y', ['image', list(b, 'times', 1, 2, 1, 1)])],
  ['Pack', 'positional', (b) => b.op('Pack', 'y', ['image', 'image'], { T: float, axis: int(1), N: int(2) })],
  ['Unpack', 'positional', (b) => b.op('Unpack', 'y', ['image'], { T: float, axis: int(1), num: int(8) })],
  ['Reshape to a list', 'positional', (b) => b.op('Reshape', 'y', ['image', list(b, 'shape', -1, 384)])],
  ['Reshape of channels', 'channelwise', (b) => b.op('Reshape', 'y', ['image', list(b, 'shape', 1, 8, 12, 2, -1)])],
  ['Reshape to what it was', 'pointwise', (b) => b.op('Reshape', 'y', ['image', list(b, 'shape', 1, 8, 12, 4)])],
  ['Reshape by arithmetic', 'positional', (b) => b.op('Reshape', 'y', ['image', flatShape(b)])],
  ['Transpose to channels first', 'channelwise', (b) => b.op('Transpose', 'y', ['image', list(b, 'order', 0, 3, 1, 2)])],
  ['Transpose of positions', 'positional', (b) => b.op('Transpose', 'y', ['image', list(b, 'order', 0, 2, 1, 3)])],
  [
    'Squeeze',
    'positional',
    (b) => b.op('Squeeze', 'y', [b.op('ExpandDims', 'e', ['image', scalar(b, 'axis', 3)])], { T: float, squeeze_dims: ints(0) }),
  ],
  ['Mean of positions', 'global-pool', (b) => b.op('Mean', 'y', ['image', list(b, 'axes', 1, -2)], { T: float, keep_dims: flag(false) })],
  ['Max of channels', 'channelwise', (b) => b.op('Max', 'y', ['image', list(b, 'axes', 3)], { T: float, keep_dims: flag(true) })],
  ['Sum of rows', 'positional', (b) => b.op('Sum', 'y', ['image', list(b, 'axes', 1)], { T: float, keep_dims: flag(true) })],
  ['ArgMax', 'positional', (b) => b.op('ArgMax', 'y', ['image', scalar(b, 'axis', 3)])],
  ['TopKV2', 'positional', (b) => b.op('TopKV2', 'y', ['image', scalar(b, 'k', 3)], { T: float, sorted: flag(true) })],
  [
    'MatMul',
    'positional',
    (b) =>
      b.op('MatMul', 'y', [b.op('Reshape', 'flat', ['image', list(b, 'shape', 1, 384)]), b.weight('w', [5, 384])], {
        T: float,
        transpose_a: flag(false),
        transpose_b: flag(true),
      }),
  ],
  ['Cast', 'pointwise', (b) => b.op('Cast', 'y', ['image'], { SrcT: float, DstT: { type: 'DT_INT32' } })],
  ['a clipped map', 'pointwise', (b) => b.op('Minimum', 'y', ['image', b.constant('six', [], [6], 'float32')])],
];

function slice(
  builder: GraphBuilder,
  begin: number[],
  end: number[],
  steps: number[],
  masks: Readonly<Record<string, unknown>> = {},
): string {
  return builder.op(
    'StridedSlice',
    'y',
    ['image', list(builder, 'begin', ...begin), list(builder, 'ends', ...end), list(builder, 'steps', ...steps)],
    { T: float, ...masks },
  );
}

/** `[batch, height * width * channels]` out of the map's own shape, as Keras' Flatten writes it. */
function flatShape(builder: GraphBuilder): string {
  const shape = builder.op('Shape', 'shape', ['image'], { T: float, out_type: { type: 'DT_INT32' } });
  const part = (name: string, from: number, to: number, more: Readonly<Record<string, unknown>>): string =>
    builder.op(
      'StridedSlice',
      name,
      [shape, list(builder, `${name}/a`, from), list(builder, `${name}/b`, to), list(builder, `${name}/c`, 1)],
      { T: { type: 'DT_INT32' }, ...more },
    );
  const batch = part('batch', 0, 1, { shrink_axis_mask: int(1) });
  const rest = builder.op('Prod', 'rest', [part('positions', 1, 4, {}), list(builder, 'zero', 0)], {
    T: { type: 'DT_INT32' },
    keep_dims: flag(false),
  });
  return builder.op('Pack', 'target', [batch, rest], { T: { type: 'DT_INT32' }, axis: int(0), N: int(2) });
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('operators', () => {
  it.each(operators)('%s is a %s, and its shape is inferred', async (_, kind, build) => {
    const builder = new GraphBuilder();
    builder.input([...image]);
    build(builder);
    const model = builder.model(['y']);
    const graph = await read(model);
    expect(layerOf(graph, 'y').operation.kind).toBe(kind);
    expect(graph.tensors.get('y')?.shape).toEqual((await runForShapes(model, image))[0]);
  });

  it('keeps the batch open through what flattens a map', async () => {
    const builder = new GraphBuilder();
    builder.input([-1, 8, 12, 4]);
    builder.op('Reshape', 'y', ['image', flatShape(builder)]);
    expect((await read(builder.model(['y']))).tensors.get('y')?.shape).toEqual([null, 384]);
  });

  it('sees weights and strides of fused layers', async () => {
    const builder = new GraphBuilder();
    const map = builder.input([...image]);
    const fused = { ...windowed([2, 3], 'SAME'), fused_ops: texts('BiasAdd', 'LeakyRelu'), num_args: int(1), leakyrelu_alpha: { f: 0.2 } };
    builder.op('_FusedConv2D', 'y', [map, builder.weight('w', [3, 3, 4, 6]), builder.weight('b', [6])], fused);
    const { operation } = layerOf(await read(builder.model()), 'y');
    expect(operation).toMatchObject({
      kind: 'convolution',
      window: { kernel: [3, 3], stride: [2, 3], dilation: [1, 1], padding: { kind: 'same-upper' } },
      inChannels: 4,
      outChannels: 6,
      activation: 'LeakyRelu',
      kernels: { shape: [3, 3] },
    });
  });

  it('leaves out what no output needs, and takes leaves for outputs where there is no signature', async () => {
    const builder = new GraphBuilder();
    builder.op('Relu', 'used', [builder.input([...image])]);
    builder.op('Neg', 'unused', ['used']);
    expect((await read(builder.model(['used']))).layers.map(({ name }) => name)).toEqual(['used']);
    expect((await read(builder.model())).outputs).toEqual(['unused']);
  });
});

describe('layouts', () => {
  it('follows the channels of a model that came from PyTorch', async () => {
    const builder = new GraphBuilder();
    const first = builder.op('Transpose', 'first', [builder.input([1, 4, 8, 12]), list(builder, 'to', 0, 2, 3, 1)]);
    const conv = builder.op('Conv2D', 'conv', [first, builder.weight('w', [3, 3, 4, 5])], window);
    const back = builder.op('Transpose', 'back', [conv, list(builder, 'from', 0, 3, 1, 2)]);
    builder.op('Relu', 'y', [builder.op('AddV2', 'sum', [back, builder.weight('b', [5, 1, 1])])]);
    const model = builder.model(['y']);
    const graph = await read(model);
    expect(graph.layers.map(({ operation }) => operation.kind)).toEqual([
      'channelwise',
      'convolution',
      'channelwise',
      'pointwise',
      'pointwise',
    ]);
    expect(['image', 'conv', 'y'].map((name) => spatialShape(graph, name))).toEqual([
      { channels: 4, size: [8, 12] },
      { channels: 5, size: [4, 6] },
      { channels: 5, size: [4, 6] },
    ]);
    expect(analyseSampling(graph).get('y')?.stride).toEqual([2, 2]);
    expect(graph.tensors.get('y')?.shape).toEqual((await runForShapes(model, [1, 4, 8, 12]))[0]);
  });

  it('reads NCHW by the axes that the file names, and says why it is left alone', async () => {
    const builder = new GraphBuilder();
    const attributes = { ...window, strides: ints(1, 1, 2, 2), ksize: ints(1, 1, 2, 2), data_format: text('NCHW') };
    builder.op('MaxPool', 'y', [builder.input([1, 4, 8, 12])], attributes);
    const graph = await read(builder.model());
    expect(graph).toMatchObject({ layout: 'channels-first' });
    expect(graph.tensors.get('y')?.shape).toEqual([1, 4, 4, 6]);
    const [finding] = lintGraph(rewritable(graph));
    expect(finding).toMatchObject({ layer: 'y', rule: 'strided-max-pool' });
    expect(finding!.fix).toEqual({ ok: false, reason: expect.stringContaining('channels stand before the positions'), nodes: ['y'] });
  });
});

describe('idioms', () => {
  it('reads SpaceToBatchND and BatchToSpaceND around a convolution as a dilated one', async () => {
    const builder = new GraphBuilder();
    const blocks = builder.op('SpaceToBatchND', 'cut', [
      builder.input([1, 8, 12, 4]),
      list(builder, 'block', 2, 2),
      builder.constant('pads', [2, 2], [2, 2, 2, 2]),
    ]);
    const conv = builder.op('Conv2D', 'conv', [blocks, builder.weight('w', [3, 3, 4, 5])], windowed([1, 1], 'VALID'));
    const relu = builder.op('Relu', 'act', [builder.op('BiasAdd', 'biased', [conv, builder.weight('b', [5])])]);
    builder.op('BatchToSpaceND', 'y', [relu, list(builder, 'same', 2, 2), builder.constant('crops', [2, 2], [0, 0, 0, 0])]);
    const model = builder.model(['y']);
    const graph = await read(model);
    expect(graph.layers.map(({ operation }) => operation.kind)).toEqual(['pad', 'convolution', 'pointwise', 'pointwise', 'pad']);
    expect(layerOf(graph, 'conv').operation).toMatchObject({ window: { dilation: [2, 2], padding: { kind: 'valid' } } });
    expect(graph.tensors.get('y')?.shape).toEqual((await runForShapes(model, image))[0]);
    // The same numbers as the dilated convolution that it stands for; weights differ by their place in the file.
    const plain = new GraphBuilder();
    plain.input([...image]);
    for (const name of ['first', 'second']) plain.weight(name, [1]);
    const dilated = plain.op('Conv2D', 'conv', ['image', plain.weight('w', [3, 3, 4, 5])], {
      ...windowed([1, 1], 'SAME'),
      dilations: ints(1, 2, 2, 1),
    });
    plain.op('Relu', 'y', [plain.op('BiasAdd', 'biased', [dilated, plain.weight('b', [5])])]);
    const [a, b] = [(await run(model, image))[0]!, (await run(plain.model(['y']), image))[0]!];
    expect(a.shape).toEqual(b.shape);
    expect(difference(a, b)).toBeLessThan(1e-5);
  });

  it('reads slices that take every phase and join at the channels as a space-to-depth', async () => {
    const builder = new GraphBuilder();
    const map = builder.input([...image]);
    const phases = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ].map(([y, x], index) => {
      const inputs = [
        map,
        list(builder, `b${index}`, 0, y!, x!, 0),
        list(builder, `e${index}`, 0, 0, 0, 0),
        list(builder, `s${index}`, 1, 2, 2, 1),
      ];
      return builder.op('StridedSlice', `phase${index}`, inputs, { T: float, begin_mask: int(9), end_mask: int(15) });
    });
    builder.op('ConcatV2', 'y', [...phases, scalar(builder, 'axis', -1)], { T: float, N: int(4) });
    const graph = await read(builder.model());
    expect(layerOf(graph, 'y').operation).toEqual({ kind: 'space-to-depth', block: [2, 2] });
    expect(lintGraph(rewritable(graph)).map(({ layer, rule }) => [layer, rule])).toEqual([['y', 'space-to-depth']]);
  });

  it('takes a depthwise convolution with one kernel for a blur', async () => {
    const builder = new GraphBuilder();
    const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].flatMap((value) => [value / 16, value / 16, value / 16, value / 16]);
    const kernel = builder.constant('blur', [3, 3, 4, 1], binomial, 'float32');
    builder.op(
      'DepthwiseConv2dNative',
      'y',
      [builder.op('MaxPool', 'pool', [builder.input([...image])], { ...windowed([1, 1], 'SAME'), ksize: ints(1, 2, 2, 1) }), kernel],
      window,
    );
    expect(lintGraph(rewritable(await read(builder.model())))).toEqual([]);
  });

  it('leaves control flow alone, and what stands in it', async () => {
    const builder = new GraphBuilder();
    const map = builder.input([...image]);
    const pool = { ...window, ksize: ints(1, 2, 2, 1) };
    builder.op('Switch', 'branch', [map, builder.constant('which', [], [1])]);
    builder.op('MaxPool', 'inside', ['branch:1'], pool);
    builder.op('Merge', 'joined', ['branch', 'inside'], { T: float, N: int(2) });
    builder.op('MaxPool', 'behind', ['joined'], pool);
    const graph = await read(builder.model(['behind']));
    expect(layerOf(graph, 'branch').operation).toMatchObject({ kind: 'opaque', reason: 'what it gives is decided while the model runs' });
    expect(layerOf(graph, 'inside').sealed).toContain('branch or loop');
    expect(layerOf(graph, 'behind').sealed).toBeUndefined();
    const found = lintGraph(rewritable(graph));
    expect(found.map(({ layer, fix }) => [layer, fix.ok])).toEqual([
      ['inside', false],
      ['behind', false],
    ]);
  });

  it('follows a loop back without end', async () => {
    const builder = new GraphBuilder();
    builder.op('Enter', 'enter', [builder.input([...image])]);
    builder.op('Merge', 'merge', ['enter', 'next']);
    builder.op('LoopCond', 'goes', [builder.op('Less', 'less', ['merge', builder.constant('limit', [], [3], 'float32')])]);
    builder.op('Switch', 'switch', ['merge', 'goes']);
    builder.op('NextIteration', 'next', [builder.op('Relu', 'body', ['switch:1'])]);
    builder.op('Relu', 'y', [builder.op('Exit', 'exit', ['switch'])]);
    const graph = await read(builder.model(['y']));
    expect(layerOf(graph, 'y').sealed).toBeUndefined();
    expect(graph.layers.filter(({ sealed }) => sealed !== undefined).map(({ name }) => name)).toContain('switch');
  });
});
