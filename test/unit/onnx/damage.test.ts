import { expect, test } from 'vitest';
import type { ModelSource } from '../../../src/core/formats/format';
import { ModelError } from '../../../src/core/model-error';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { encodeTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { encodeField } from '../../../src/core/formats/onnx/wire/write-fields';
import { externalTensor, floatTensor, memorySource, model, node, singleNodeModel } from './models';

const small = singleNodeModel({
  opType: 'Conv',
  attributes: { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, auto_pad: { text: 'SAME_UPPER' } },
  weights: [[2, 1, 3, 3]],
  input: ['batch', 1, 9, 9],
});

async function failure(source: ModelSource): Promise<ModelError | undefined> {
  return onnxFormat.open(source).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ModelError) return error;
      throw error;
    },
  );
}

test('an empty file is named as such', async () => {
  expect((await failure(memorySource(new Uint8Array(0), 'zero.onnx')))?.code).toBe('empty-file');
});

test('a model that is cut off at any byte is truncated', async () => {
  const codes = new Map<string, number>();
  for (let length = 1; length < small.length; length++) {
    const code = (await failure(memorySource(small.subarray(0, length))))?.code ?? 'read';
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect([...codes]).toEqual([['truncated', small.length - 1]]);
});

test('any single byte flipped gives a graph or a ModelError, and nothing else', async () => {
  const outcomes = { read: 0, refused: 0 };
  for (let index = 0; index < small.length; index++) {
    for (const mask of [0x01, 0x10, 0x7f, 0x80, 0xff]) {
      const damaged = small.slice();
      damaged[index] = damaged[index]! ^ mask;
      outcomes[(await failure(memorySource(damaged))) === undefined ? 'read' : 'refused']++;
    }
  }
  expect(outcomes.read + outcomes.refused).toBe(small.length * 5);
  expect(outcomes.refused).toBeGreaterThan(small.length / 2);
});

const x = encodeValueInfo('x', 1, [1, 1, 8, 8]);
const y = encodeValueInfo('y');
const relu = (input: string, output: string): Uint8Array => node({ name: output, opType: 'Relu', inputs: [input], outputs: [output] });

test.each<[string, Uint8Array, string]>([
  [
    'nodes in a circle',
    model({ nodes: [relu('b', 'a'), relu('a', 'b'), relu('b', 'y')], inputs: [x], outputs: [y] }),
    'which no earlier node',
  ],
  ['a node that reads itself', model({ nodes: [relu('y', 'y')], inputs: [x], outputs: [y] }), 'which no earlier node'],
  ['a tensor written twice', model({ nodes: [relu('x', 'y'), relu('x', 'y')], inputs: [x], outputs: [y] }), 'which is written before'],
  ['a graph without nodes', model({ nodes: [], inputs: [x], outputs: [x] }), 'has no nodes'],
])('%s is malformed and the message says so', async (_, bytes, reason) => {
  const error = await failure(memorySource(bytes, 'hostile.onnx'));
  expect(error?.code).toBe('malformed');
  expect(error?.message).toContain(reason);
  expect(error?.message).toContain('"hostile.onnx"');
});

/** A strided convolution whose weight is as given, behind another whose values are skipped as the file is read. */
const withWeight = (weight: readonly number[]): Uint8Array =>
  model({
    nodes: [node({ name: 'layer', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { strides: { ints: [2, 2] } } })],
    initializers: [floatTensor('unused', [1 << 16], 1), Uint8Array.from(weight)],
    inputs: [x],
    outputs: [y],
  });

/** A float tensor of a name and two or a million kernels, without its values. */
const weightHead = (outChannels: readonly number[]): readonly number[] => [8, ...outChannels, 8, 1, 8, 3, 8, 3, 16, 1, 66, 1, 119];

test.each([
  ['packed values of broken length', [2], [34, 6, 1, 2, 3, 4, 5, 6]],
  ['values of another wire type', [2], [32, 5]],
  ['values of another wire type, of more than are decoded', [0x80, 0x80, 0x40], [32, 5]],
])('%s are malformed, and the message says where in the file', async (_, outChannels, values) => {
  const bytes = withWeight([...weightHead(outChannels), ...values]);
  const offset = Buffer.from(bytes).lastIndexOf(Uint8Array.from([119, ...values])) + 1;
  expect(offset).toBeGreaterThan(4 << 16);
  const error = await failure(memorySource(bytes, 'hostile.onnx'));
  expect(error?.code).toBe('malformed');
  expect(error?.message).toContain(`"hostile.onnx" is not a valid ONNX model: its structure breaks at byte ${offset}.`);
});

test('graphs nested a thousand deep are refused without exhausting the stack', async () => {
  let graph: Uint8Array = encodeField(1, relu('x', 'y'));
  for (let depth = 0; depth < 1000; depth++) {
    const attribute = Uint8Array.of(...encodeField(1, new TextEncoder().encode('body')), ...encodeField(6, graph));
    const loop = Uint8Array.of(...encodeField(4, new TextEncoder().encode('Loop')), ...encodeField(5, attribute));
    graph = encodeField(1, loop);
  }
  const bytes = Uint8Array.of(8, 8, ...encodeField(7, graph), ...encodeField(8, Uint8Array.of(16, 17)));
  const refusal = await failure(memorySource(bytes));
  expect(refusal?.code).toBe('too-large');
  expect(refusal?.message).toMatch(/has 33 levels of models within models/);
});

test('a shape of astronomical size is noted, not allocated', async () => {
  const huge = encodeTensor({
    name: 'size',
    dims: [2],
    dataType: 7,
    rawData: new Uint8Array(new BigInt64Array([2n ** 40n, 2n ** 40n]).buffer),
  });
  const bytes = model({
    nodes: [
      node({ name: 'fill', opType: 'ConstantOfShape', inputs: ['size'], outputs: ['w'] }),
      node({ name: 'product', opType: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }),
    ],
    initializers: [huge],
    inputs: [encodeValueInfo('x', 1, [1, 2 ** 40])],
    outputs: [y],
  });
  const { graph } = await onnxFormat.open(memorySource(bytes));
  expect(graph.layers.map((layer) => layer.name)).toEqual(['product']);
  expect(graph.tensors.get('y')?.shape).toEqual([1, 2 ** 40]);
});

const external = (location: string): Uint8Array =>
  model({
    nodes: [node({ name: 'layer', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'] })],
    initializers: [externalTensor('w', [2, 1, 1, 1], location)],
    inputs: [x],
    outputs: [y],
  });

test('external weights must lie beside the model', async () => {
  const { judgedOnly, graph } = await onnxFormat.open(memorySource(external('weights.bin')));
  expect(judgedOnly?.code).toBe('missing-weights');
  expect(judgedOnly?.message).toContain('"weights.bin"');
  expect(graph.layers[0]?.operation).toMatchObject({ kind: 'convolution', outChannels: 2 });
  const present = { ...memorySource(external('weights.bin')), siblingSize: () => Promise.resolve(8) };
  expect((await onnxFormat.open(present)).graph.layers[0]?.operation).toMatchObject({ kind: 'convolution', outChannels: 2 });
  const outside = new ModelError('outside-folder', 'no');
  const escaping = { ...memorySource(external('../secret')), siblingSize: () => Promise.reject(outside) };
  expect(await failure(escaping)).toBe(outside);
});

test('a weight that claims more values than it holds is only a problem for the runtime', async () => {
  const bytes = model({
    nodes: [node({ name: 'layer', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { group: { int: 2 ** 30 } } })],
    initializers: [
      encodeTensor({ name: 'w', dims: [2 ** 30, 1, 3, 3], dataType: 1, rawData: new Uint8Array(4) }),
      floatTensor('unused', [1], 1),
    ],
    inputs: [encodeValueInfo('x', 1, [1, 2 ** 30, 8, 8])],
    outputs: [y],
  });
  const { layers } = (await onnxFormat.open(memorySource(bytes))).graph;
  expect(layers[0]?.operation).not.toHaveProperty('sharedKernel');
});
