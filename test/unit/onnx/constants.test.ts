import { expect, test } from 'vitest';
import {
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type ModelParts,
} from '../../../src/core/formats/onnx/wire/write';
import { concatenate } from '../../../src/core/formats/concatenate';
import { encodeField, encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import type { Dimension } from '../../../src/core/graph/model-graph';
import { floatTensor, model, read } from './models';

const y = encodeValueInfo('y', 1);
const image = (...shape: (Dimension | string)[]): Uint8Array => encodeValueInfo('x', 1, shape);
const integer = (name: string, ...values: number[]): Uint8Array => encodeIntegerTensor(name, [values.length], values);
const node = (opType: string, inputs: string, output: string, attributes = {}): Uint8Array =>
  encodeNode({ opType, inputs: inputs === '' ? [] : inputs.split(' '), outputs: [output], attributes });

/** Layers as `Op inputs -> outputs` and the shape of `y`. */
async function summary(parts: Partial<ModelParts> & Pick<ModelParts, 'nodes'>): Promise<{ layers: string[]; shape: unknown }> {
  const graph = await read(model({ inputs: [image(1, 4, 6, 8)], outputs: [y], ...parts }));
  return {
    layers: graph.layers.map((layer) => `${layer.op} ${layer.inputs.join(' ')} -> ${layer.outputs.join(' ')}`),
    shape: graph.tensors.get('y')?.shape,
  };
}

test('the flatten that older exporters write as shape arithmetic is one reshape', async () => {
  const parts = {
    inputs: [image('n', 4, 6, 8)],
    initializers: [
      encodeTensor({ name: 'zero', dims: [], dataType: 7, rawData: new Uint8Array(8) }),
      integer('first', 0),
      integer('rest', -1),
    ],
    nodes: [
      node('Shape', 'x', 'shape'),
      node('Gather', 'shape zero', 'batch', { axis: { int: 0 } }),
      node('Unsqueeze', 'batch first', 'batch1'),
      node('Concat', 'batch1 rest', 'target', { axis: { int: 0 } }),
      node('Reshape', 'x target', 'y'),
    ],
  };
  expect(await summary(parts)).toEqual({ layers: ['Reshape x -> y'], shape: [null, 192] });
});

test('sizes computed with integer division and slices reach Resize', async () => {
  const parts = {
    initializers: [integer('two', 2), integer('four', 4), integer('three', 3), integer('head', 1, 4)],
    nodes: [
      node('Shape', 'x', 'shape'),
      node('Slice', 'shape two four', 'size'),
      node('Div', 'size four', 'quarter'),
      node('Mul', 'quarter three', 'scaled'),
      node('Concat', 'head scaled', 'target', { axis: { int: 0 } }),
      encodeNode({ opType: 'Resize', inputs: ['x', '', '', 'target'], outputs: ['y'] }),
    ],
  };
  expect(await summary(parts)).toEqual({ layers: ['Resize x -> y'], shape: [1, 4, 3, 6] });
});

test('weights that nodes compute are weights', async () => {
  const parts = {
    initializers: [integer('size', 6, 4, 3, 3)],
    nodes: [node('ConstantOfShape', 'size', 'w'), node('Identity', 'w', 'w2'), node('Conv', 'x w2', 'y', { strides: { ints: [2, 2] } })],
  };
  expect(await summary(parts)).toEqual({ layers: ['Conv x -> y'], shape: [1, 6, 2, 3] });
});

test('an initializer that is listed as an input, as before IR version 4, is no input', async () => {
  const bytes = encodeModel({
    irVersion: 3,
    opsets: { '': 8 },
    nodes: [node('Conv', 'x w', 'y')],
    initializers: [floatTensor('w', [2, 4, 3, 3], 1)],
    inputs: [image(1, 4, 6, 8), encodeValueInfo('w', 1, [2, 4, 3, 3])],
    outputs: [y],
  });
  expect((await read(bytes)).inputs).toEqual(['x']);
});

test('quantised convolutions and quantised weights keep their windows', async () => {
  const bytes = Uint8Array.of(1);
  const scalar = (name: string): Uint8Array => encodeTensor({ name, dims: [], dataType: 3, rawData: bytes });
  const scale = floatTensor('s', [], 1);
  const weight = encodeTensor({ name: 'w', dims: [6, 4, 3, 3], dataType: 3, rawData: new Uint8Array(216) });
  const attributes = { strides: { ints: [2, 2] } };
  const initializers = [scalar('z'), scale, weight];
  const linear = { initializers, nodes: [node('QLinearConv', 'x s z w s z s z', 'y', attributes)] };
  const pair = { initializers, nodes: [node('DequantizeLinear', 'w s z', 'wf'), node('Conv', 'x wf', 'y', attributes)] };
  expect(await summary(linear)).toEqual({ layers: ['QLinearConv x -> y'], shape: [1, 6, 2, 3] });
  expect(await summary(pair)).toEqual({ layers: ['Conv x -> y'], shape: [1, 6, 2, 3] });
});

test('a nested graph makes its node opaque, and what it reads from outside counts as read', async () => {
  const body = concatenate([
    encodeField(1, node('Relu', 'x', 'inner')),
    encodeTextField(2, 'body'),
    encodeField(12, encodeValueInfo('inner', 1)),
  ]);
  const branch = (name: string): Uint8Array => concatenate([encodeTextField(1, name), encodeField(6, body), Uint8Array.of(0xa0, 1, 5)]);
  const choose = encodeNode({
    opType: 'If',
    inputs: ['condition'],
    outputs: ['y'],
    verbatimAttributes: [branch('then_branch'), branch('else_branch')],
  });
  const graph = await read(
    model({
      nodes: [choose],
      inputs: [image(1, 4, 6, 8), encodeValueInfo('condition', 9, [])],
      outputs: [encodeValueInfo('y', 1, [1, 4, 6, 8])],
    }),
  );
  expect(graph.layers.at(-1)).toMatchObject({
    inputs: ['condition', 'x'],
    operation: { kind: 'opaque', reason: 'it runs a nested graph' },
  });
  expect(graph.tensors.get('y')?.shape).toEqual([1, 4, 6, 8]);
});

test('functions of the model, foreign domains and unknown operators are opaque, each for its reason', async () => {
  const functions = [concatenate([encodeTextField(1, 'Block'), encodeTextField(5, 'y'), encodeTextField(10, 'mine')])];
  const call = (opType: string, domain: string): Uint8Array => encodeNode({ opType, domain, inputs: ['x'], outputs: ['y'] });
  const reasonOf = async (call: Uint8Array): Promise<unknown> =>
    (await read(model({ nodes: [call], inputs: [image(1, 4, 6, 8)], outputs: [y], functions }))).layers[0]?.operation;
  expect(await reasonOf(call('Block', 'mine'))).toEqual({
    kind: 'opaque',
    reason: 'it calls a function whose body does not write its result',
  });
  expect(await reasonOf(call('Relu', 'other'))).toMatchObject({ reason: 'Shiftlint has no knowledge of the operator Relu' });
  expect(await reasonOf(call('NonMaxSuppression', ''))).toMatchObject({ kind: 'opaque' });
  expect(await reasonOf(call('Relu', 'ai.onnx'))).toMatchObject({ kind: 'pointwise' });
});

test('noise is no constant', async () => {
  const parts = { nodes: [node('RandomNormal', '', 'r', { shape: { ints: [1, 4, 6, 8] } }), node('Add', 'x r', 'y')] };
  expect((await summary(parts)).layers).toEqual(['RandomNormal  -> r', 'Add x r -> y']);
});

test('weights computed from the image make a convolution opaque', async () => {
  const graph = await read(model({ nodes: [node('Conv', 'x x', 'y')], inputs: [image(1, 4, 6, 8)], outputs: [y] }));
  expect(graph.layers[0]?.operation).toEqual({ kind: 'opaque', reason: 'its weights are computed while the model runs' });
});
