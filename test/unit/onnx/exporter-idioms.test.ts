import { expect, test } from 'vitest';
import { encodeFloatTensor, encodeIntegerTensor, encodeValueInfo, type ModelParts } from '../../../src/core/formats/onnx/wire/write';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { Dimension, Layer, ModelGraph } from '../../../src/core/graph/model-graph';
import { analyseSampling, spatialShape } from '../../../src/core/graph/sampling';
import { lintGraph } from '../../../src/core/lint/linter';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { floatTensor, memorySource, model, patchedBytes, read, run } from './models';
import { step } from './nested-parts';
import { rewritable } from '../graph-builder';

const y = encodeValueInfo('y', 1);
const image = (...shape: (Dimension | string)[]): Uint8Array => encodeValueInfo('x', 1, shape);
const list = (name: string, ...values: number[]): Uint8Array => encodeIntegerTensor(name, [values.length], values);
const scalar = (name: string, value: number): Uint8Array => encodeFloatTensor(name, [], [value]);
const w = floatTensor('w', [4, 4, 3, 3], 1);
const strided = { attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } } };
const perm = (...order: number[]): object => ({ attributes: { perm: { ints: order } } });

const build = (parts: Partial<ModelParts> & Pick<ModelParts, 'nodes'>): Uint8Array =>
  model({ inputs: [image(1, 4, 8, 12)], outputs: [y], ...parts });
const kinds = (graph: ModelGraph): string[] => graph.layers.map(({ operation }) => operation.kind);
const strideOf = (graph: ModelGraph, tensor = 'y'): unknown => analyseSampling(graph).get(tensor)?.stride;

/** Every inferred shape of the outputs against ONNX Runtime. */
async function checked(bytes: Uint8Array, shape: readonly number[] = [1, 4, 8, 12]): Promise<ModelGraph> {
  const graph = await read(bytes);
  for (const [name, result] of await run(bytes, shape)) {
    expect(graph.tensors.get(name)?.shape?.map((length, axis) => length ?? result.dims[axis])).toEqual(result.dims);
  }
  return graph;
}

const constants = [
  scalar('half', 0.5),
  scalar('one', 1),
  scalar('three', 3),
  scalar('six', 6),
  scalar('zero', 0),
  scalar('sixth', 1 / 6),
  scalar('root', Math.SQRT2),
  scalar('cube', 0.044715),
  scalar('third', 3),
];

/** Activations as exporters spell them, from `c` to `a`. @see the layer named `join` */
const spelled: readonly (readonly [string, readonly Uint8Array[]])[] = [
  ['SiLU', [step('Sigmoid', 'c', 's'), step('Mul', 'c s', 'a', { name: 'join' })]],
  ['SiLU with the map second', [step('Sigmoid', 'c', 's'), step('Mul', 's c', 'a', { name: 'join' })]],
  ['HardSwish by HardSigmoid', [step('HardSigmoid', 'c', 's'), step('Mul', 'c s', 'a', { name: 'join' })]],
  [
    'HardSwish by Add, Clip, Div, Mul',
    [step('Add', 'c three', 't'), step('Clip', 't zero six', 'l'), step('Div', 'l six', 'd'), step('Mul', 'c d', 'a', { name: 'join' })],
  ],
  [
    'HardSwish by Add, Clip, Mul, Div',
    [step('Add', 'c three', 't'), step('Clip', 't zero six', 'l'), step('Mul', 'c l', 'j', { name: 'join' }), step('Div', 'j six', 'a')],
  ],
  [
    'HardSwish by Add, Relu, Min',
    [
      step('Add', 'c three', 't'),
      step('Relu', 't', 'r'),
      step('Min', 'r six', 'l'),
      step('Mul', 'l sixth', 'd'),
      step('Mul', 'd c', 'a', { name: 'join' }),
    ],
  ],
  ['Mish', [step('Softplus', 'c', 's'), step('Tanh', 's', 't'), step('Mul', 'c t', 'a', { name: 'join' })]],
  [
    'Mish by Exp and Log',
    [
      step('Exp', 'c', 'e'),
      step('Add', 'e one', 'p'),
      step('Log', 'p', 's'),
      step('Tanh', 's', 't'),
      step('Mul', 'c t', 'a', { name: 'join' }),
    ],
  ],
  [
    'GELU by Erf',
    [
      step('Div', 'c root', 'd'),
      step('Erf', 'd', 'e'),
      step('Add', 'e one', 'p'),
      step('Mul', 'c p', 'j', { name: 'join' }),
      step('Mul', 'j half', 'a'),
    ],
  ],
  [
    'GELU by Erf, halved first',
    [
      step('Mul', 'c half', 'h'),
      step('Div', 'c root', 'd'),
      step('Erf', 'd', 'e'),
      step('Add', 'e one', 'p'),
      step('Mul', 'h p', 'a', { name: 'join' }),
    ],
  ],
  [
    'GELU by Tanh',
    [
      step('Mul', 'c c', 'c2'),
      step('Mul', 'c c2', 'c3'),
      step('Mul', 'c3 cube', 'k'),
      step('Add', 'c k', 'i'),
      step('Mul', 'i half', 'g'),
      step('Tanh', 'g', 't'),
      step('Add', 't one', 'p'),
      step('Mul', 'c p', 'j', { name: 'join' }),
      step('Mul', 'j half', 'a'),
    ],
  ],
  [
    'GELU by Tanh and Pow',
    [
      step('Pow', 'c third', 'c3'),
      step('Mul', 'c3 cube', 'k'),
      step('Add', 'c k', 'i'),
      step('Tanh', 'i', 't'),
      step('Add', 't one', 'p'),
      step('Mul', 'c half', 'h'),
      step('Mul', 'h p', 'a', { name: 'join' }),
    ],
  ],
];

test.each(spelled)('%s spelt out is one activation', async (_, nodes) => {
  const graph = await checked(
    build({
      nodes: [step('Conv', 'x w', 'c', strided), ...nodes, step('MaxPool', 'a', 'y', { attributes: { kernel_shape: { ints: [2, 2] } } })],
      initializers: [w, ...constants],
    }),
  );
  const join = graph.layers.find((layer) => layer.name === 'join')!;
  expect(join.operation).toEqual({ kind: 'pointwise', role: 'activation' });
  expect(join.chain?.input).toBe('c');
  // Whatever grows with the convolution lies between, each tensor once, and nothing else reads it.
  const before = graph.layers.slice(1, graph.layers.indexOf(join));
  expect([...(join.chain?.inner ?? [])].sort()).toEqual(before.flatMap((layer) => layer.outputs).sort());
  expect(kinds(graph)).not.toContain('merge');
});

test.each(spelled)('%s spelt out is blurred behind its end', async (_, nodes) => {
  const bytes = build({
    nodes: [step('Conv', 'x w', 'c', { name: 'conv', ...strided }), ...nodes, step('Neg', 'a', 'y')],
    initializers: [w, ...constants],
  });
  const graph = await read(bytes);
  const fix = planFix(rewritable(graph), 'conv', blurFilter('identity'));
  if (!fix.ok) throw new Error(fix.reason);
  expect(fix.plan).toMatchObject({ recipe: 'convolution-then-blur', blurAfter: 'join' });
  const patch = await (await onnxFormat.open(memorySource(bytes))).patch([fix.plan]);
  expect(patch.outcomes).toMatchObject([{ ok: true }]);
  const [before, after] = [
    (await run(bytes, [1, 4, 8, 12])).get('y')!,
    (await run(await patchedBytes(bytes, patch), [1, 4, 8, 12])).get('y')!,
  ];
  expect(after.dims).toEqual(before.dims);
  const largest = Math.max(
    ...Array.from(before.data as Float32Array, (value, index) => Math.abs(value - (after.data as Float32Array)[index]!)),
  );
  expect(largest).toBeLessThan(1e-6);
});

test.each<[string, readonly Uint8Array[], Partial<ModelParts>]>([
  [
    'its input',
    [step('Sigmoid', 'c', 's'), step('Mul', 'c s', 'y', { name: 'join' }), step('Relu', 'c', 'other')],
    { outputs: [y, encodeValueInfo('other', 1)] },
  ],
  ['something inside', [step('Sigmoid', 'c', 's'), step('Mul', 'c s', 'y', { name: 'join' })], { outputs: [y, encodeValueInfo('s', 1)] }],
])('an activation of which others read %s is no closed chain', async (_, nodes, parts) => {
  const graph = await checked(build({ nodes: [step('Conv', 'x w', 'c', strided), ...nodes], initializers: [w], ...parts }));
  const join = graph.layers.find((layer) => layer.name === 'join')!;
  expect(join.operation).toEqual({ kind: 'pointwise', role: 'activation' });
  expect(join.chain).toBeUndefined();
});

test('residuals and squeeze-excitation stay merges', async () => {
  const residual = await checked(
    build({
      nodes: [step('Conv', 'x w', 'c', { attributes: { pads: { ints: [1, 1, 1, 1] } } }), step('Add', 'c x', 'y')],
      initializers: [w],
    }),
  );
  expect(kinds(residual)).toEqual(['convolution', 'merge']);
  const excitation = await checked(
    build({ nodes: [step('GlobalAveragePool', 'x', 'g'), step('Sigmoid', 'g', 's'), step('Mul', 'x s', 'y')] }),
  );
  expect(kinds(excitation)).toEqual(['global-pool', 'pointwise', 'merge']);
});

/** Slices with a step of 2, by axis and phase. */
const cut = (input: string, output: string, phase: number, axis: number): Uint8Array =>
  step('Slice', `${input} p${phase} end a${axis} two`, output);
const bounds = [
  list('p0', 0),
  list('p1', 1),
  list('end', Number.MAX_SAFE_INTEGER),
  list('a1', 1),
  list('a2', 2),
  list('a3', 3),
  list('two', 2),
];
const focus = [
  cut('x', 'r0', 0, 2),
  cut('x', 'r1', 1, 2),
  cut('r0', 'r00', 0, 3),
  cut('r1', 'r10', 0, 3),
  cut('r0', 'r01', 1, 3),
  cut('r1', 'r11', 1, 3),
];
const join = (inputs: string, axis = 1): Uint8Array => step('Concat', inputs, 'y', { name: 'join', attributes: { axis: { int: axis } } });

test.each<[string, readonly (Dimension | string)[]]>([
  ['closed', [1, 4, 8, 12]],
  ['open', ['n', 4, 'h', 'w']],
])('the Focus of YOLOv5 on %s sizes is a space-to-depth', async (_, shape) => {
  const graph = await checked(build({ nodes: [...focus, join('r00 r10 r01 r11')], initializers: bounds, inputs: [image(...shape)] }));
  expect(kinds(graph)).toEqual([...focus.map(() => 'channelwise'), 'space-to-depth']);
  expect(strideOf(graph)).toEqual([2, 2]);
  expect(strideOf(graph, 'r0')).toEqual([1, 1]);
  expect(lintGraph(rewritable(graph)).map(({ rule, layer }) => [rule, layer])).toEqual([['space-to-depth', 'join']]);
  expect(planMeasurement(graph, [8, 12]).layers.map(({ layer, spatialStride, period }) => ({ layer, spatialStride, period }))).toEqual([
    { layer: 'join', spatialStride: [2, 2], period: [2, 2] },
  ]);
});

test('slices of both axes at once are one phase each', async () => {
  const both = (output: string, start: string): Uint8Array => step('Slice', `x ${start} ends axes steps`, output);
  const starts = ['s00', 's10', 's01', 's11'];
  const graph = await checked(
    build({
      nodes: [...starts.map((name) => both(`o${name}`, name)), join(starts.map((name) => `o${name}`).join(' '))],
      initializers: [
        ...starts.map((name) => list(name, Number(name[1]), Number(name[2]))),
        list('ends', 8, 12),
        list('axes', 2, 3),
        list('steps', 2, 2),
      ],
    }),
  );
  expect(kinds(graph).at(-1)).toBe('space-to-depth');
});

test.each<[string, readonly Uint8Array[], Partial<ModelParts>]>([
  ['a phase is missing', [...focus, join('r00 r10 r01')], {}],
  ['a phase stands twice', [...focus, join('r00 r10 r01 r00')], {}],
  ['a phase is read elsewhere too', [...focus, join('r00 r10 r01 r11')], { outputs: [y, encodeValueInfo('z', 1)] }],
])('where %s, samples are dropped', async (_, nodes, parts) => {
  const more = parts.outputs === undefined ? [] : [step('Relu', 'r00', 'z')];
  const graph = await checked(build({ nodes: [...nodes, ...more], initializers: bounds, ...parts }));
  expect(kinds(graph)).toContain('slice');
  expect(kinds(graph)).not.toContain('space-to-depth');
  expect(lintGraph(rewritable(graph)).map(({ rule }) => rule)).toContain('strided-subsample');
});

test('the pixel unshuffle and shuffle that exporters spell out are known', async () => {
  const unshuffle = [
    step('Reshape', 'x split', 'a'),
    step('Transpose', 'a', 'b', perm(0, 1, 3, 5, 2, 4)),
    step('Reshape', 'b joined', 'u', { name: 'unshuffle' }),
  ];
  const shuffle = [
    step('Reshape', 'u parted', 'c'),
    step('Transpose', 'c', 'd', perm(0, 1, 4, 2, 5, 3)),
    step('Reshape', 'd whole', 'y', { name: 'shuffle' }),
  ];
  const initializers = [
    list('split', -1, 4, 4, 2, 6, 2),
    list('joined', -1, 16, 4, 6),
    list('parted', -1, 4, 2, 2, 4, 6),
    list('whole', -1, 4, 8, 12),
  ];
  const graph = await checked(build({ nodes: [...unshuffle, ...shuffle], initializers }));
  expect(graph.layers.map(({ operation }) => operation.kind)).toEqual([
    'channelwise',
    'channelwise',
    'space-to-depth',
    'channelwise',
    'channelwise',
    'transposed-convolution',
  ]);
  expect([strideOf(graph, 'u'), strideOf(graph)]).toEqual([
    [2, 2],
    [1, 1],
  ]);
  const other = [step('Reshape', 'x split', 'a'), step('Transpose', 'a', 'b', perm(0, 1, 2, 4, 3, 5)), step('Reshape', 'b joined', 'y')];
  expect(kinds(await checked(build({ nodes: other, initializers })))).toEqual(['positional', 'positional', 'positional']);
});

test('group normalisation between reshapes keeps every position', async () => {
  const nodes = [
    step('Reshape', 'x rows', 'r'),
    step('InstanceNormalization', 'r ones zeros', 'n'),
    step('Shape', 'x', 'shape'),
    step('Reshape', 'n shape', 'b'),
    step('MaxPool', 'b', 'y', { name: 'pool', attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } }),
  ];
  const initializers = [list('rows', 0, 2, -1), floatTensor('ones', [2], 1), floatTensor('zeros', [2], 2)];
  for (const shape of [
    [1, 4, 8, 12],
    ['n', 4, 'h', 'w'],
  ]) {
    const graph = await checked(build({ nodes, initializers, inputs: [image(...shape)] }));
    expect(kinds(graph)).toEqual(['channelwise', 'channelwise', 'channelwise', 'max-pool']);
    expect(strideOf(graph)).toEqual([2, 2]);
    expect(planMeasurement(graph, [8, 12]).layers.map(({ layer }) => layer)).toEqual(['b', 'pool']);
  }
});

/** A network as tf2onnx writes it: the input's channels stand last, preprocessing comes before the transpose. */
const tensorflow = (...between: readonly Uint8Array[]): Uint8Array =>
  build({
    nodes: [
      step('Sub', 'x mean', 'p'),
      ...between,
      step('Transpose', 'p', 't', perm(0, 3, 1, 2)),
      step('Pad', 't pads', 'q'),
      step('Conv', 'q w', 'c', { name: 'conv', attributes: { strides: { ints: [2, 2] } } }),
      step('Relu', 'c', 'r'),
      step('Transpose', 'r', 'y', perm(0, 2, 3, 1)),
    ],
    initializers: [w, floatTensor('mean', [4], 2), list('pads', 0, 0, 1, 1, 0, 0, 1, 1)],
    inputs: [image(1, 8, 12, 4)],
  });

test('a network whose input has its channels last is judged as if they were first', async () => {
  const graph = await checked(tensorflow(), [1, 8, 12, 4]);
  expect(graph.tensors.get('x')?.layout).toBe('channels-last');
  expect(spatialShape(graph, 'x')).toEqual({ channels: 4, size: [8, 12] });
  expect(kinds(graph)).toEqual(['pointwise', 'channelwise', 'pad', 'convolution', 'pointwise', 'channelwise']);
  expect(strideOf(graph)).toEqual([2, 2]);
  expect(spatialShape(graph, 'y')).toEqual({ channels: 4, size: [4, 6] });
  expect(lintGraph(rewritable(graph)).map(({ layer, cumulativeStride }) => [layer, cumulativeStride])).toEqual([['conv', [2, 2]]]);
  expect(() => planMeasurement(graph)).toThrow(/channels last/);
});

test('an input whose positions are read before a transpose is taken as it stands', async () => {
  const nodes = [
    step('MaxPool', 'x', 'p', { attributes: { kernel_shape: { ints: [1, 1] } } }),
    step('Transpose', 'p', 'y', perm(0, 3, 1, 2)),
  ];
  const graph = await checked(build({ nodes }));
  expect(graph.tensors.get('x')?.layout).toBeUndefined();
  expect(kinds(graph)).toEqual(['max-pool', 'positional']);
});

test('the block of ConvNeXt between two transposes keeps the sampling', async () => {
  const nodes = [
    step('Conv', 'x w', 'c', { name: 'depthwise', attributes: { group: { int: 4 }, pads: { ints: [3, 3, 3, 3] } } }),
    step('Transpose', 'c', 't', perm(0, 2, 3, 1)),
    step('LayerNormalization', 't gamma beta', 'n'),
    step('MatMul', 'n up', 'u'),
    step('Add', 'u bias', 'ub'),
    step('Gelu', 'ub', 'g', { domain: 'com.microsoft' }),
    step('MatMul', 'g down', 'd'),
    step('Mul', 'd gamma', 's'),
    step('Transpose', 's', 'b', perm(0, 3, 1, 2)),
    step('Add', 'b x', 'z'),
    step('MaxPool', 'z', 'y', { attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } }),
  ];
  const initializers = [
    floatTensor('w', [4, 1, 7, 7], 1),
    floatTensor('gamma', [4], 2),
    floatTensor('beta', [4], 3),
    floatTensor('up', [4, 16], 4),
    floatTensor('bias', [16], 5),
    floatTensor('down', [16, 4], 6),
  ];
  const graph = await checked(build({ nodes, initializers, opsets: { '': 17, 'com.microsoft': 1 } }));
  expect(kinds(graph)).toEqual([
    'convolution',
    'channelwise',
    'channelwise',
    'channelwise',
    'pointwise',
    'pointwise',
    'channelwise',
    'pointwise',
    'channelwise',
    'merge',
    'max-pool',
  ]);
  expect(strideOf(graph)).toEqual([2, 2]);
});

test('slices and resizes between transposes are judged and sealed', async () => {
  const nodes = [step('Transpose', 'x', 't', perm(0, 2, 3, 1)), cut('t', 'r', 0, 1), step('Resize', 'r - scales', 'y', { name: 'resize' })];
  const graph = await checked(build({ nodes, initializers: [...bounds, encodeFloatTensor('scales', [4], [1, 0.5, 0.5, 1])] }));
  expect(kinds(graph)).toEqual(['channelwise', 'slice', 'resize']);
  expect(graph.layers[1]?.operation).toMatchObject({ stride: [2, 1] });
  expect(strideOf(graph)).toEqual([4, 2]);
  for (const { fix } of lintGraph(rewritable(graph)))
    expect(fix).toMatchObject({ ok: false, reason: expect.stringContaining('channels last') as string });
});

test('the patch merging of Swin between transposes is a space-to-depth', async () => {
  const phases = [
    cut('t', 'r0', 0, 1),
    cut('t', 'r1', 1, 1),
    cut('r0', 'r00', 0, 2),
    cut('r1', 'r10', 0, 2),
    cut('r0', 'r01', 1, 2),
    cut('r1', 'r11', 1, 2),
  ];
  const nodes = [step('Transpose', 'x', 't', perm(0, 2, 3, 1)), ...phases, join('r00 r10 r01 r11', -1)];
  const graph = await checked(build({ nodes, initializers: bounds }));
  expect(graph.layers.at(-1)?.operation).toEqual({ kind: 'space-to-depth', block: [2, 2] });
  expect(strideOf(graph)).toEqual([2, 2]);
  const unknown = [step('Reshape', 'x shape', 't'), ...phases, join('r00 r10 r01 r11', -1)];
  const mixed = await checked(build({ nodes: unknown, initializers: [...bounds, list('shape', 1, 8, 12, 4)] }));
  expect(lintGraph(rewritable(mixed))).toEqual([]);
});

test('operands that need not be maps do not disturb a chain', async () => {
  const graph = await checked(
    build({
      nodes: [step('Conv', 'x w', 'c', strided), step('Max', 'c zero', 'm'), step('Min', 'm six', 'y', { name: 'relu6' })],
      initializers: [w, ...constants],
    }),
  );
  const last: Layer | undefined = graph.layers.at(-1);
  expect(last?.operation).toEqual({ kind: 'pointwise', role: 'activation' });
});
