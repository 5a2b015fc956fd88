import { expect, test } from 'vitest';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeTensor,
  encodeValueInfo,
  type ModelParts,
} from '../../../src/core/formats/onnx/wire/write';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { analyseSampling } from '../../../src/core/graph/sampling';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { floatTensor, model, read, run } from './models';
import { attributeReference, bodyAttribute, encodeFunction, step } from './nested-parts';
import { rewritable } from '../graph-builder';

const strided = { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
const pool = { attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } };
const w = floatTensor('w', [4, 4, 3, 3], 1);
const x = encodeValueInfo('x', 1, [1, 4, 16, 16]);
const y = encodeValueInfo('y', 1);
const truth = (name: string, value: boolean): Uint8Array =>
  encodeTensor({ name, dims: [], dataType: 9, rawData: Uint8Array.of(Number(value)) });

const build = (parts: Partial<ModelParts> & Pick<ModelParts, 'nodes'>): Uint8Array =>
  model({ opsets: { '': 17, mine: 1 }, initializers: [w], inputs: [x], outputs: [y], ...parts });

const names = (graph: ModelGraph): string[] => graph.layers.map((layer) => layer.name);
const shapeOf = (graph: ModelGraph, tensor: string): unknown => graph.tensors.get(tensor)?.shape;

function expectUnique(graph: ModelGraph): void {
  expect(new Set(names(graph)).size).toBe(graph.layers.length);
  const outputs = graph.layers.flatMap((layer) => layer.outputs);
  expect(new Set(outputs).size).toBe(outputs.length);
  const known = new Set([...graph.tensors.keys()]);
  for (const layer of graph.layers) for (const tensor of [...layer.inputs, ...layer.outputs]) expect(known.has(tensor)).toBe(true);
}

/** ReduceMax of the image decides, which nobody knows before it runs. */
const decide = [
  step('ReduceMax', 'x', 'most', { attributes: { keepdims: { int: 0 } } }),
  step('Cast', 'most', 'condition', { attributes: { to: { int: 9 } } }),
];
const branches = [
  bodyAttribute('then_branch', {
    nodes: [step('Conv', 'x w', 'inner', { name: 'conv', attributes: strided })],
    outputs: [encodeValueInfo('inner', 1)],
  }),
  bodyAttribute('else_branch', {
    nodes: [step('MaxPool', 'x', 'inner', { name: 'pool', ...pool })],
    outputs: [encodeValueInfo('inner', 1)],
  }),
];

test('both branches of an If are judged, sealed, under names of their own', async () => {
  const bytes = build({ nodes: [...decide, step('If', 'condition', 'y', { name: 'choice', verbatimAttributes: branches })] });
  const graph = await read(bytes);
  expectUnique(graph);
  expect(names(graph)).toEqual(['most', 'condition', 'choice/then_branch/conv', 'choice/else_branch/pool', 'choice']);
  expect(graph.layers[2]).toMatchObject({
    inputs: ['x'],
    sealed: 'it stands inside a branch of If "choice", where Shiftlint does not rewrite',
  });
  expect(graph.layers[4]).toMatchObject({ inputs: ['condition', 'x'], operation: { kind: 'opaque', reason: 'it runs a nested graph' } });
  expect(graph.layers[4]?.sealed).toBeUndefined();
  expect(shapeOf(graph, 'y')).toEqual([1, 4, 8, 8]);
  expect((await run(bytes, [1, 4, 16, 16])).get('y')?.dims).toEqual([1, 4, 8, 8]);
  expect(lintGraph(rewritable(graph)).map(({ rule, layer }) => [rule, layer])).toEqual([
    ['strided-conv', 'choice/then_branch/conv'],
    ['strided-max-pool', 'choice/else_branch/pool'],
  ]);
  expect(planFix(rewritable(graph), 'choice/else_branch/pool', blurFilter('tri-3'))).toEqual({
    ok: false,
    reason: '"choice/else_branch/pool" cannot be rewritten: it stands inside a branch of If "choice", where Shiftlint does not rewrite.',
    nodes: ['choice/else_branch/pool'],
  });
});

test.each([true, false])('an If whose condition is %s from the start is its taken branch', async (value) => {
  const bytes = build({
    nodes: [
      step('Not', 'known', 'condition'),
      step('If', 'condition', 'c', { name: 'choice', verbatimAttributes: branches }),
      step('Relu', 'c', 'y', { name: 'relu' }),
    ],
    initializers: [w, truth('known', value)],
  });
  const graph = await read(bytes);
  expectUnique(graph);
  expect(names(graph)).toEqual([value ? 'choice/else_branch/pool' : 'choice/then_branch/conv', 'relu']);
  expect(graph.layers[0]?.outputs).toEqual(['c']);
  expect(graph.layers[0]?.sealed).toContain('a branch of If "choice"');
  expect(analyseSampling(graph).get('y')?.stride).toEqual([2, 2]);
  expect((await run(bytes, [1, 4, 16, 16])).get('y')?.dims).toEqual(shapeOf(graph, 'y'));
});

test('a squeeze that older exporters hide in an If is decided by the shape', async () => {
  const nodes = [
    step('GlobalAveragePool', 'x', 'g'),
    step('Shape', 'g', 'shape'),
    step('Gather', 'shape three', 'length', { attributes: { axis: { int: 0 } } }),
    step('Equal', 'length one', 'condition'),
    step('If', 'condition', 'y', {
      verbatimAttributes: [
        bodyAttribute('then_branch', { nodes: [step('Squeeze', 'g axes', 's')], outputs: [encodeValueInfo('s', 1)] }),
        bodyAttribute('else_branch', { nodes: [step('Identity', 'g', 's')], outputs: [encodeValueInfo('s', 1)] }),
      ],
    }),
  ];
  const initializers = [encodeIntegerTensor('three', [], [3]), encodeIntegerTensor('one', [], [1]), encodeIntegerTensor('axes', [1], [3])];
  const graph = await read(build({ nodes, initializers }));
  expect(graph.layers.map((layer) => layer.op)).toEqual(['GlobalAveragePool', 'Squeeze']);
  expect(shapeOf(graph, 'y')).toEqual([1, 4, 1]);
});

test('a branch that only passes a tensor on, or gives a constant, is followed too', async () => {
  const pass = (output: string): Uint8Array =>
    bodyAttribute('then_branch', {
      nodes: [step('Identity', 'x', 'a')],
      outputs: [encodeValueInfo(output, 1), encodeValueInfo(output, 1), encodeValueInfo('k', 1)],
      initializers: [encodeFloatTensor('k', [1], [2])],
    });
  const nodes = [
    step('If', 'known', 'a1 a2 k2', { name: 'choice', verbatimAttributes: [pass('a')] }),
    step('Add', 'a1 a2', 'sum'),
    step('Mul', 'sum k2', 'y', { name: 'scale' }),
  ];
  const graph = await read(build({ nodes, initializers: [truth('known', true)] }));
  expectUnique(graph);
  expect(graph.layers.map((layer) => `${layer.name} ${layer.inputs.join(' ')} -> ${layer.outputs.join(' ')}`)).toEqual([
    'choice/then_branch/a x -> a1',
    'choice/a2 a1 -> a2',
    'sum a1 a2 -> sum',
    'scale sum -> y',
  ]);
});

test('bodies of Loop and Scan are judged, with what they see of the graph around', async () => {
  const round = encodeValueInfo('i', 7, []);
  const going = encodeValueInfo('going', 9, []);
  const loop = bodyAttribute('body', {
    inputs: [round, going, encodeValueInfo('v', 1, [1, 4, 16, 16])],
    nodes: [
      step('Conv', 'v w', 'c', { name: '/conv', attributes: { pads: { ints: [1, 1, 1, 1] } } }),
      step('MaxPool', 'x', 'p', { name: 'pool', ...pool }),
      step('Identity', 'going', 'on'),
    ],
    outputs: [encodeValueInfo('on', 9, []), encodeValueInfo('c', 1), encodeValueInfo('p', 1)],
  });
  const bytes = build({
    nodes: [step('Loop', 'count - x', 'y pools', { name: 'loop', verbatimAttributes: [loop] })],
    initializers: [w, encodeIntegerTensor('count', [], [3])],
    outputs: [y, encodeValueInfo('pools', 1)],
  });
  const graph = await read(bytes);
  expectUnique(graph);
  expect(names(graph)).toEqual(['loop/body/conv', 'loop/body/pool', 'loop/body/on', 'loop']);
  expect(shapeOf(graph, 'loop/body/c')).toEqual([1, 4, 16, 16]);
  expect(graph.layers[1]?.sealed).toBe('it stands inside the body of Loop "loop", where Shiftlint does not rewrite');
  expect(lintGraph(rewritable(graph)).map(({ layer }) => layer)).toEqual(['loop/body/pool']);
  expect([...(await run(bytes, [1, 4, 16, 16])).keys()]).toEqual(['y', 'pools']);
});

const conv = (output: string, name: string): Uint8Array =>
  step('Conv', 'a k', output, {
    name,
    verbatimAttributes: [attributeReference('strides', 'stride', 7), attributeReference('pads', 'pads', 7)],
  });

const block = encodeFunction({
  name: 'Block',
  inputs: ['a', 'k', 'bias'],
  outputs: ['r'],
  attributes: ['stride'],
  defaults: { pads: { ints: [1, 1, 1, 1] } },
  nodes: [conv('c', 'conv'), step('Relu', 'c', 'r', { name: 'relu' })],
});
const stage = encodeFunction({
  name: 'Stage',
  inputs: ['a', 'k'],
  outputs: ['out'],
  nodes: [
    step('Block', 'a k', 'first', { name: 'one', domain: 'mine', attributes: { stride: { ints: [1, 1] } } }),
    step('Block', 'first k', 'out', { name: 'two', domain: 'mine', attributes: { stride: { ints: [2, 2] } } }),
  ],
});
const call = (inputs: string, output: string, name: string): Uint8Array => step('Stage', inputs, output, { name, domain: 'mine' });

test('calls of functions become the layers of their bodies, nested ones too', async () => {
  const bytes = build({ nodes: [call('x w', 'm', 'stage1'), call('m w', 'y', 'stage2')], functions: [block, stage] });
  const graph = await read(bytes);
  expectUnique(graph);
  expect(names(graph)).toEqual(
    ['stage1', 'stage2'].flatMap((name) => ['one/conv', 'one/relu', 'two/conv', 'two/relu'].map((inner) => `${name}/${inner}`)),
  );
  expect(graph.layers[3]).toMatchObject({ outputs: ['m'], sealed: 'it stands in the function "Stage", which the model calls 2 times' });
  expect(graph.layers[4]?.inputs).toEqual(['m']);
  expect(graph.layers[2]?.operation).toMatchObject({
    kind: 'convolution',
    window: { stride: [2, 2], padding: { begin: [1, 1], end: [1, 1] } },
  });
  expect(analyseSampling(graph).get('y')?.stride).toEqual([4, 4]);
  expect(shapeOf(graph, 'y')).toEqual([1, 4, 4, 4]);
  expect(lintGraph(rewritable(graph)).map(({ layer, cumulativeStride }) => [layer, cumulativeStride])).toEqual([
    ['stage1/two/conv', [2, 2]],
    ['stage2/two/conv', [4, 4]],
  ]);
  expect((await run(bytes, [1, 4, 16, 16])).get('y')?.dims).toEqual([1, 4, 4, 4]);
});

test('a layer before a function keeps its own name and fix', async () => {
  const functions = [block, stage];
  const graph = await read(
    build({ nodes: [step('MaxPool', 'x', 'p', { name: 'stage1/one/conv', ...pool }), call('p w', 'y', 'stage1')], functions }),
  );
  expectUnique(graph);
  expect(names(graph).slice(0, 2)).toEqual(['stage1/one/conv', 'stage1/one/conv#2']);
  expect(planFix(rewritable(graph), 'stage1/one/conv', blurFilter('tri-3')).ok).toBe(true);
});

test('a function keeps its own operator set, sees optional inputs left out, and may hold an If', async () => {
  const definition = encodeFunction({
    name: 'Tail',
    opset: 11,
    inputs: ['a', 'scale', 'known'],
    outputs: ['s', 'a'],
    nodes: [
      step('If', 'known', 'b', {
        verbatimAttributes: [
          bodyAttribute('then_branch', {
            nodes: [step('Clip', 'a scale', 'clipped', { name: 'clip' })],
            outputs: [encodeValueInfo('clipped', 1)],
          }),
        ],
      }),
      step('Softmax', 'b', 's', { name: 'softmax', attributes: { axis: { int: 1 } } }),
    ],
  });
  const graph = await read(
    build({
      nodes: [step('Tail', 'x - known', 'y z', { domain: 'mine', name: 'tail' })],
      functions: [definition],
      initializers: [truth('known', true)],
      outputs: [y, encodeValueInfo('z', 1)],
    }),
  );
  expectUnique(graph);
  expect(graph.layers.map(({ name, operation }) => [name, operation.kind])).toEqual([
    ['tail/b/then_branch/clip', 'pointwise'],
    ['tail/softmax', 'positional'],
    ['tail/z', 'pointwise'],
  ]);
  expect(graph.layers[0]?.sealed).toBe('it stands in the function "Tail", which the model calls once');
});

test.each<[string, readonly Uint8Array[], string]>([
  [
    'calls itself',
    [encodeFunction({ name: 'Stage', inputs: ['a', 'k'], outputs: ['b'], nodes: [call('a k', 'b', 'again')] })],
    'calls itself',
  ],
  [
    'calls another that calls it',
    [
      encodeFunction({ name: 'Stage', inputs: ['a', 'k'], outputs: ['b'], nodes: [step('Other', 'a k', 'b', { domain: 'mine' })] }),
      encodeFunction({ name: 'Other', inputs: ['a', 'k'], outputs: ['b'], nodes: [call('a k', 'b', 'again')] }),
    ],
    'calls itself',
  ],
  ['doubles forty times', doublings(25, 'Stage'), 'too large'],
  ['goes a hundred thousand calls deep', doublings(20_000, 'Stage', 1), 'too deeply'],
])('a function that %s stays one opaque layer', async (_, functions, reason) => {
  const graph = await read(build({ nodes: [call('x w', 'y', 'stage')], functions }));
  expect(graph.layers).toHaveLength(1);
  expect(graph.layers[0]?.operation).toMatchObject({ kind: 'opaque', reason: expect.stringContaining(reason) as string });
});

function doublings(count: number, first: string, calls = 2): readonly Uint8Array[] {
  const name = (index: number): string => (index === 0 ? first : `F${index}`);
  return Array.from({ length: count }, (_, index) => {
    const nodes = Array.from({ length: calls }, (_, turn) =>
      index === count - 1
        ? step('Relu', turn === 0 ? 'a' : `t${turn - 1}`, turn === calls - 1 ? 'b' : `t${turn}`)
        : step(name(index + 1), turn === 0 ? 'a k' : `t${turn - 1} k`, turn === calls - 1 ? 'b' : `t${turn}`, { domain: 'mine' }),
    );
    return encodeFunction({ name: name(index), inputs: ['a', 'k'], outputs: ['b'], nodes });
  });
}

test('calls that together would add too many layers are followed up to a limit', async () => {
  const big = encodeFunction({
    name: 'Big',
    inputs: ['a'],
    outputs: ['b'],
    nodes: Array.from({ length: 1000 }, (_, index) => step('Relu', index === 0 ? 'a' : `t${index - 1}`, index === 999 ? 'b' : `t${index}`)),
  });
  const nodes = Array.from({ length: 60 }, (_, index) =>
    step('Big', index === 0 ? 'x' : `o${index - 1}`, index === 59 ? 'y' : `o${index}`, { domain: 'mine' }),
  );
  const graph = await read(build({ nodes, functions: [big] }));
  expect(graph.layers.length).toBe(50_000 + 10);
  expectUnique(graph);
});
