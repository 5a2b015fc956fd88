import { expect, test } from 'vitest';
import type { PatchOutcome } from '../../../src/core/formats/format';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel, type OnnxModel } from '../../../src/core/formats/onnx/wire/proto';
import {
  encodeFloatTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
  type ModelParts,
} from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { floatTensor, memorySource, patchedBytes, model, read, run } from './models';
import { rewritable } from '../graph-builder';

const x = encodeValueInfo('x', 1, ['n', 4, 12, 12]);
const y = encodeValueInfo('y', 1);
const two: AttributeValue = { ints: [2, 2] };
const three: AttributeValue = { ints: [3, 3] };
const one: AttributeValue = { ints: [1, 1, 1, 1] };
const pool = encodeNode({
  name: 'pool',
  opType: 'MaxPool',
  inputs: ['x'],
  outputs: ['y'],
  attributes: { kernel_shape: two, strides: two },
});
const w = floatTensor('w', [4, 4, 3, 3], 2);
const convolution = (input: string, output: string, name = 'conv'): Uint8Array =>
  encodeNode({ name, opType: 'Conv', inputs: [input, 'w'], outputs: [output], attributes: { strides: two, pads: one } });
const relu = (input: string, output: string, name = 'relu'): Uint8Array =>
  encodeNode({ name, opType: 'Relu', inputs: [input], outputs: [output] });

async function planned(bytes: Uint8Array, layers: readonly string[], filter: BlurFilterName = 'tri-3'): Promise<BlurPlan[]> {
  const graph = await read(bytes);
  return layers.map((layer) => {
    const result = planFix(rewritable(graph), layer, blurFilter(filter));
    if (!result.ok) throw new Error(result.reason);
    return result.plan;
  });
}

async function patch(bytes: Uint8Array, plans: readonly BlurPlan[]): Promise<{ bytes: Uint8Array; outcomes: readonly PatchOutcome[] }> {
  const result = await (await onnxFormat.open(memorySource(bytes))).patch(plans);
  return { bytes: await patchedBytes(bytes, result), outcomes: result.outcomes };
}

const fix = async (bytes: Uint8Array, ...layers: string[]): Promise<{ bytes: Uint8Array; outcomes: readonly PatchOutcome[] }> =>
  patch(bytes, await planned(bytes, layers));

const decode = (bytes: Uint8Array): OnnxModel => decodeModel(bytes, 'model.onnx');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const listNodes = (bytes: Uint8Array): string[] =>
  decode(bytes).graph.nodes.map(({ opType, inputs, outputs }) => `${opType} ${inputs.join(' ')} -> ${outputs.join(' ')}`);

test('a max-pool writes a new tensor, and pad and blur write its old one', async () => {
  const fixed = await fix(model({ nodes: [pool], inputs: [x], outputs: [y] }), 'pool');
  expect(fixed.outcomes).toEqual([
    {
      ok: true,
      layer: 'pool',
      label: 'pool',
      description: 'Moved the stride 2x2 of "pool" into a Tri-3 blur (depthwise 3x3, reflect padding) behind "pool".',
    },
  ]);
  expect(listNodes(fixed.bytes)).toEqual([
    'MaxPool x -> pool/shiftlint_blur_input',
    'Pad pool/shiftlint_blur_input pool/shiftlint_blur_pads -> pool/shiftlint_blur_padded',
    'Conv pool/shiftlint_blur_padded pool/shiftlint_blur_kernel -> y',
  ]);
  const { graph } = decode(fixed.bytes);
  expect(graph.initializers.map(({ name, dims }) => [name, dims])).toEqual([
    ['pool/shiftlint_blur_pads', [8]],
    ['pool/shiftlint_blur_kernel', [4, 1, 3, 3]],
  ]);
  expect(graph.nodes[0]?.attributes.get('strides')?.ints).toEqual([1, 1]);
});

test('every message that no plan touches keeps its bytes, unknown fields and all', async () => {
  const unknown = Uint8Array.of(0xaa, 0x06, 3, 1, 2, 3);
  const bytes = Uint8Array.of(
    ...model({
      nodes: [
        relu('x', 'r'),
        encodeNode({
          name: 'pool',
          opType: 'MaxPool',
          inputs: ['r'],
          outputs: ['p'],
          attributes: { kernel_shape: two, strides: two, custom: { float: 0.1 } },
        }),
        convolution('p', 'c'),
        relu('c', 'y', 'last'),
      ],
      initializers: [w],
      inputs: [x],
      outputs: [y],
      valueInfo: [
        encodeValueInfo('r', 1, ['n', 4, 12, 12]),
        encodeValueInfo('p', 1, ['n', 4, 6, 6]),
        encodeValueInfo('c', 1, ['n', 4, 3, 3]),
      ],
    }),
    ...unknown,
  );
  const fixed = await fix(bytes, 'pool');
  const [before, after] = [decode(bytes), decode(fixed.bytes)];
  const kept = (part: OnnxModel): string[] =>
    [
      ...part.graph.nodes.filter((node) => node.opType === 'Relu' || node.name === 'conv'),
      ...part.graph.inputs,
      ...part.graph.outputs,
      ...part.graph.valueInfo,
      ...part.opsets,
    ].map((item) => text(item.message));
  expect(kept(after)).toEqual(kept(before));
  expect(text(after.graph.initializers[0]!.message)).toBe(text(before.graph.initializers[0]!.message));
  expect(text(fixed.bytes.subarray(0, before.graph.field.start))).toBe(text(bytes.subarray(0, before.graph.field.start)));
  expect(text(fixed.bytes.subarray(after.graph.field.end))).toBe(text(bytes.subarray(before.graph.field.end)));
  expect(text(after.graph.nodes[1]!.attributes.get('custom')!.message)).toBe(
    text(before.graph.nodes[1]!.attributes.get('custom')!.message),
  );
});

test('without plans the file is the same', async () => {
  const bytes = model({ nodes: [pool], inputs: [x], outputs: [y] });
  expect((await patch(bytes, [])).bytes).toEqual(bytes);
});

test('declared shapes of the tensors that grow are taken out, others stay', async () => {
  const bytes = model({
    nodes: [convolution('x', 'c'), relu('c', 'r'), encodeNode({ opType: 'Identity', inputs: ['r'], outputs: ['y'] })],
    initializers: [w],
    inputs: [x],
    outputs: [y],
    valueInfo: [encodeValueInfo('c', 1, ['n', 4, 6, 6]), encodeValueInfo('r', 1, ['n', 4, 6, 6])],
  });
  const fixed = await fix(bytes, 'conv');
  expect(decode(fixed.bytes).graph.valueInfo.map((info) => info.name)).toEqual(['r']);
  expect((await run(fixed.bytes, [1, 4, 12, 12])).get('y')?.dims).toEqual([1, 4, 6, 6]);
});

test('plans compose: a residual block with a shortcut, all layers at once', async () => {
  const bytes = model({
    nodes: [
      convolution('x', 'c1', 'conv1'),
      relu('c1', 'r1', 'relu1'),
      encodeNode({
        name: 'pool',
        opType: 'MaxPool',
        inputs: ['r1'],
        outputs: ['p'],
        attributes: { kernel_shape: three, strides: two, pads: one },
      }),
      convolution('p', 'c2', 'conv2'),
      relu('c2', 'r2', 'relu2'),
      encodeNode({ name: 'shortcut', opType: 'Conv', inputs: ['p', 'w1'], outputs: ['s'], attributes: { strides: two } }),
      encodeNode({ name: 'add', opType: 'Add', inputs: ['r2', 's'], outputs: ['y'] }),
    ],
    initializers: [w, floatTensor('w1', [4, 4, 1, 1], 3)],
    inputs: [x],
    outputs: [y],
  });
  const layers = ['conv1', 'pool', 'conv2', 'shortcut'];
  const fixed = await fix(bytes, ...layers);
  expect(fixed.outcomes.map((outcome) => outcome.ok)).toEqual([true, true, true, true]);
  expect(listNodes(fixed.bytes).slice(-4)).toEqual([
    'Pad p shortcut/shiftlint_blur_pads -> shortcut/shiftlint_blur_padded',
    'Conv shortcut/shiftlint_blur_padded shortcut/shiftlint_blur_kernel -> shortcut/shiftlint_blur_output',
    'Conv shortcut/shiftlint_blur_output w1 -> s',
    'Add r2 s -> y',
  ]);
  expect(lintGraph(rewritable(await read(fixed.bytes)))).toEqual([]);
  const same = await patch(bytes, await planned(bytes, layers, 'identity'));
  const [before, after] = await Promise.all(
    [bytes, same.bytes].map(async (file) => (await run(file, [2, 4, 12, 12])).get('y')!.data as Float32Array),
  );
  expect(Math.max(...before!.map((value, index) => Math.abs(value - after![index]!)))).toBeLessThan(1e-6);
  let stepwise = bytes;
  for (const layer of layers) stepwise = (await fix(stepwise, layer)).bytes;
  expect(listNodes(stepwise)).toEqual(listNodes(fixed.bytes));
});

test('a file of before IR version 4 and operator set 11 gets Constant nodes and Pad attributes', async () => {
  const bytes = encodeModel({
    irVersion: 3,
    opsets: { '': 8 },
    nodes: [pool],
    inputs: [encodeValueInfo('x', 1, [1, 4, 12, 12])],
    outputs: [y],
  });
  const fixed = await fix(bytes, 'pool');
  expect(listNodes(fixed.bytes)).toEqual([
    'MaxPool x -> pool/shiftlint_blur_input',
    'Constant  -> pool/shiftlint_blur_kernel',
    'Pad pool/shiftlint_blur_input -> pool/shiftlint_blur_padded',
    'Conv pool/shiftlint_blur_padded pool/shiftlint_blur_kernel -> y',
  ]);
  expect(decode(fixed.bytes).graph.initializers).toEqual([]);
  expect((await run(fixed.bytes, [1, 4, 12, 12])).get('y')?.dims).toEqual([1, 4, 6, 6]);
  expect(lintGraph(rewritable(await read(fixed.bytes)))).toEqual([]);
});

test('a float16 model gets a float16 kernel', async () => {
  const half = (name: string): Uint8Array => encodeValueInfo(name, 10, [1, 4, 12, 12]);
  const bytes = model({ nodes: [pool], inputs: [half('x')], outputs: [encodeValueInfo('y', 10)] });
  const fixed = await fix(bytes, 'pool');
  expect(decode(fixed.bytes).graph.initializers.at(-1)?.dataType).toBe(10);
  const { layers } = await read(fixed.bytes);
  expect(layers.at(-1)?.operation).toMatchObject({ sharedKernel: { values: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16) } });
});

test.each([
  ['1-D', [1, 4, 13], [3], [2]],
  ['3-D', [1, 4, 6, 7, 8], [2, 2, 2], [1, 2, 3]],
])('%s windows are fixed alike', async (_, shape, kernel, stride) => {
  const attributes = { kernel_shape: { ints: kernel }, strides: { ints: stride } };
  const bytes = model({
    nodes: [encodeNode({ name: 'pool', opType: 'MaxPool', inputs: ['x'], outputs: ['y'], attributes })],
    inputs: [encodeValueInfo('x', 1, shape)],
    outputs: [y],
  });
  const before = (await run(bytes, shape)).get('y')!;
  const same = (await run((await patch(bytes, await planned(bytes, ['pool'], 'identity'))).bytes, shape)).get('y')!;
  expect(same.data).toEqual(before.data);
  expect((await run((await fix(bytes, 'pool')).bytes, shape)).get('y')?.dims).toEqual(before.dims);
});

test('a padded 1x1 convolution is blurred behind, since its padding yields the bias and not the image', async () => {
  const shortcut = encodeNode({
    name: 'conv',
    opType: 'Conv',
    inputs: ['x', 'w1', 'b'],
    outputs: ['y'],
    attributes: { strides: two, pads: one },
  });
  const initializers = [floatTensor('w1', [4, 4, 1, 1], 3), floatTensor('b', [4], 4)];
  const bytes = model({ nodes: [shortcut], initializers, inputs: [x], outputs: [y] });
  const [before, after] = [bytes, (await patch(bytes, await planned(bytes, ['conv'], 'identity'))).bytes];
  expect((await run(after, [1, 4, 12, 12])).get('y')!.data).toEqual((await run(before, [1, 4, 12, 12])).get('y')!.data);
  expect(listNodes((await fix(bytes, 'conv')).bytes)[0]).toBe('Conv x w1 b -> conv/shiftlint_blur_input');
});

test('a map too small to reflect repeats its edge, and the outcome says so', async () => {
  const bytes = model({ nodes: [pool], inputs: [encodeValueInfo('x', 1, [1, 4, 2, 12])], outputs: [y] });
  const { outcomes, bytes: fixed } = await fix(bytes, 'pool');
  expect(outcomes[0]).toMatchObject({ ok: true, description: expect.stringContaining('too small to reflect') as string });
  expect(listNodes(fixed)).toHaveLength(3);
  expect((await run(fixed, [1, 4, 2, 12])).get('y')?.dims).toEqual([1, 4, 1, 6]);
});

test('where the size is open, the outcome says what the reflection needs', async () => {
  const bytes = model({ nodes: [pool], inputs: [encodeValueInfo('x', 1, [1, 4, 'h', 'w'])], outputs: [y] });
  const { outcomes, bytes: fixed } = await fix(bytes, 'pool');
  expect(outcomes[0]).toMatchObject({ ok: true, description: expect.stringContaining('needs maps longer than 1') as string });
  expect((await run(fixed, [1, 4, 9, 6])).get('y')?.dims).toEqual([1, 4, 4, 3]);
});

test('new names avoid names that are taken', async () => {
  const taken = encodeNode({ name: 'pool/shiftlint_blur_pad', opType: 'Identity', inputs: ['x'], outputs: ['z'] });
  const bytes = model({ nodes: [taken, pool], inputs: [x], outputs: [y, encodeValueInfo('z', 1)] });
  const fixed = await fix(bytes, 'pool');
  expect(listNodes(fixed.bytes)).toContain('Conv pool/shiftlint_blur#2_padded pool/shiftlint_blur#2_kernel -> y');
});

test('nodes without names are layers by the name of their first output', async () => {
  const nodes = ['a', 'b'].map((output, index) =>
    encodeNode({
      name: 'twin',
      opType: 'MaxPool',
      inputs: [index === 0 ? 'x' : 'a'],
      outputs: [output],
      attributes: { kernel_shape: two, strides: two },
    }),
  );
  const bytes = model({
    nodes: [...nodes, encodeNode({ opType: 'MaxPool', inputs: ['b'], outputs: ['y'], attributes: { kernel_shape: two, strides: two } })],
    inputs: [x],
    outputs: [y],
  });
  expect((await read(bytes)).layers.map((layer) => layer.name)).toEqual(['twin', 'twin#2', 'y']);
  const fixed = await fix(bytes, 'twin#2');
  expect(listNodes(fixed.bytes)[1]).toBe('MaxPool a -> twin#2/shiftlint_blur_input');
});

const indices = encodeNode({
  name: 'pool',
  opType: 'MaxPool',
  inputs: ['x'],
  outputs: ['y', 'i'],
  attributes: { kernel_shape: two, strides: two },
});
const shapeReader = encodeNode({ name: 'size', opType: 'Shape', inputs: ['c'], outputs: ['s'] });
const dilated = encodeNode({
  name: 'pool',
  opType: 'MaxPool',
  inputs: ['x'],
  outputs: ['y'],
  attributes: { kernel_shape: two, strides: { ints: [4, 4] }, dilations: { ints: [4, 4] }, ceil_mode: { int: 1 } },
});

test.each<[string, Pick<ModelParts, 'nodes'> & Partial<ModelParts>, string, string, readonly string[]]>([
  ['a layer the file does not have', { nodes: [pool] }, 'elsewhere', 'no layer named "elsewhere"', ['elsewhere']],
  ['another kind of layer', { nodes: [relu('x', 'y')] }, 'relu', 'has no rewrite', ['relu']],
  ['a max-pool whose indices are read', { nodes: [indices], outputs: [y, encodeValueInfo('i', 7)] }, 'pool', 'second output', ['pool']],
  [
    'a reader of its shape on the way',
    { nodes: [convolution('x', 'c'), shapeReader, relu('c', 'y')], initializers: [w] },
    'conv',
    'read by several nodes',
    ['size'],
  ],
  [
    'a channel count left open',
    { nodes: [pool], inputs: [encodeValueInfo('x', 1, ['n', 'c', 12, 12])] },
    'pool',
    'number of its output channels',
    ['pool'],
  ],
  [
    'a map of integers',
    { nodes: [pool], inputs: [encodeValueInfo('x', 2, [1, 4, 12, 12])], outputs: [encodeValueInfo('y', 2)] },
    'pool',
    'float16, float32 or float64',
    ['pool'],
  ],
  [
    'rounding up beyond a dilated kernel',
    { nodes: [dilated], inputs: [encodeValueInfo('x', 1, [1, 4, 10, 10])] },
    'pool',
    'rounds its size up',
    ['pool'],
  ],
])('no plan is made for %s, and the reason names the nodes at fault', async (_, parts, layer, reason, nodes) => {
  const opened = await onnxFormat.open(memorySource(model({ inputs: [x], outputs: [y], ...parts })));
  expect(planFix(opened, layer, blurFilter('tri-3'))).toEqual({ ok: false, reason: expect.stringContaining(reason) as string, nodes });
});

test.each<[string, Pick<ModelParts, 'nodes'> & Partial<ModelParts>, string]>([
  ['a layer the file does not have', { nodes: [relu('x', 'y')] }, 'no layer named "pool"'],
  ['another kind of layer', { nodes: [relu('x', 'y', 'pool')] }, 'no layer that this fix is for'],
  ['another stride', { nodes: [dilated] }, 'has stride 4x4, but the plan is for stride 2x2'],
])('a plan of another file, for %s, is refused and leaves no trace', async (_, parts, reason) => {
  const plans = await planned(model({ nodes: [pool], inputs: [x], outputs: [y] }), ['pool']);
  const bytes = model({ inputs: [x], outputs: [y], ...parts });
  const result = await patch(bytes, plans);
  expect(result.outcomes).toEqual([
    { ok: false, layer: 'pool', label: 'pool', reason: expect.stringContaining(reason) as string, nodes: ['pool'] },
  ]);
  expect(result.bytes).toEqual(bytes);
});

test('two plans for one layer: the first is applied, the second refused', async () => {
  const bytes = model({ nodes: [pool], inputs: [x], outputs: [y] });
  const { outcomes } = await fix(bytes, 'pool', 'pool');
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false]);
});

test('the kernel is read back as stored: typed data, raw data, Constant nodes', async () => {
  const weights = [1, 2, 1].map((value) => value / 4);
  const raw = encodeFloatTensor('w', [2, 1, 1, 3], [...weights, ...weights]);
  const typed = Uint8Array.of(
    8,
    2,
    8,
    1,
    8,
    1,
    8,
    3,
    16,
    1,
    34,
    24,
    ...new Uint8Array(new Float32Array([...weights, ...weights]).buffer),
    66,
    1,
    119,
  );
  const halves = encodeTensor({
    name: 'w',
    dims: [2, 1, 1, 3],
    dataType: 10,
    rawData: new Uint8Array(new Uint16Array([0x3400, 0x3800, 0x3400, 0x3400, 0x3800, 0x3400]).buffer),
  });
  const blur = encodeNode({ name: 'blur', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { group: { int: 2 } } });
  const unequal = encodeFloatTensor('w', [2, 1, 1, 3], [...weights, 0, 1, 0]);
  const kernelOf = async (tensor: Uint8Array, asNode = false): Promise<unknown> => {
    const bytes = model({
      nodes: asNode ? [encodeNode({ opType: 'Constant', inputs: [], outputs: ['w'], attributes: { value: { tensor } } }), blur] : [blur],
      initializers: asNode ? [] : [tensor],
      inputs: [encodeValueInfo('x', 1, [1, 2, 4, 8])],
      outputs: [y],
    });
    const operation = (await read(bytes)).layers.at(-1)?.operation;
    return operation?.kind === 'convolution' ? operation.sharedKernel : operation;
  };
  const shared = { shape: [1, 3], values: weights };
  expect([await kernelOf(raw), await kernelOf(typed), await kernelOf(halves), await kernelOf(raw, true)]).toEqual([
    shared,
    shared,
    shared,
    shared,
  ]);
  expect(await kernelOf(unequal)).toBeUndefined();
});
