import { expect, test } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeNode,
  encodeValueInfo,
  type AttributeValue,
} from '../../../src/core/formats/onnx/wire/write';
import { floatTensor, model, read, run } from './models';

/** An operator on the input `x`: what kind it is, and what shape it has according to ONNX Runtime itself. */
interface Row {
  readonly op: string;
  readonly kind: Operation['kind'];
  readonly input?: readonly number[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Inputs after `x`: float weights by shape, integer constants by value. */
  readonly floats?: readonly (readonly number[])[];
  readonly integers?: readonly (readonly number[])[];
  readonly scales?: readonly number[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
}

const image = [1, 4, 10, 12];
const pads = (...amounts: number[]): Record<string, AttributeValue> => ({ pads: { ints: amounts } });
const kernel = (...lengths: number[]): Record<string, AttributeValue> => ({ kernel_shape: { ints: lengths } });
const axis = (value: number): Record<string, AttributeValue> => ({ axis: { int: value } });
const strides = (...steps: number[]): Record<string, AttributeValue> => ({ strides: { ints: steps } });
const autoPad = (text: string): Record<string, AttributeValue> => ({ auto_pad: { text } });

const rows: readonly Row[] = [
  { op: 'Conv', kind: 'convolution', floats: [[6, 4, 3, 3]] },
  { op: 'Conv', kind: 'convolution', floats: [[6, 4, 3, 3], [6]], attributes: { ...strides(2, 3), ...pads(1, 0, 2, 1) } },
  { op: 'Conv', kind: 'convolution', floats: [[6, 2, 3, 3]], attributes: { group: { int: 2 }, dilations: { ints: [2, 3] } } },
  { op: 'Conv', kind: 'convolution', floats: [[6, 4, 4, 4]], attributes: { ...strides(3, 3), ...autoPad('SAME_UPPER') } },
  { op: 'Conv', kind: 'convolution', floats: [[6, 4, 4, 4]], attributes: { ...strides(3, 3), ...autoPad('SAME_LOWER') } },
  { op: 'Conv', kind: 'convolution', floats: [[6, 4, 4, 4]], attributes: { ...strides(3, 3), ...autoPad('VALID') } },
  { op: 'Conv', kind: 'convolution', input: [1, 4, 16], floats: [[8, 4, 5]], attributes: strides(2) },
  { op: 'Conv', kind: 'convolution', input: [1, 2, 7, 8, 9], floats: [[3, 2, 3, 3, 3]], attributes: strides(1, 2, 2) },
  {
    op: 'ConvTranspose',
    kind: 'transposed-convolution',
    floats: [[4, 3, 3, 3]],
    attributes: { ...strides(2, 2), ...pads(1, 1, 0, 0), output_padding: { ints: [1, 0] } },
  },
  {
    op: 'ConvTranspose',
    kind: 'transposed-convolution',
    floats: [[4, 3, 3, 3]],
    attributes: { ...strides(2, 2), output_shape: { ints: [20, 25] } },
  },
  {
    op: 'ConvTranspose',
    kind: 'transposed-convolution',
    floats: [[4, 3, 2, 2]],
    attributes: { ...strides(2, 2), ...autoPad('SAME_UPPER') },
  },
  { op: 'MaxPool', kind: 'max-pool', attributes: { ...kernel(3, 3), ...strides(2, 2), ceil_mode: { int: 1 } } },
  { op: 'MaxPool', kind: 'max-pool', attributes: { ...kernel(2, 2), ...strides(3, 3), ...pads(1, 1, 1, 1), ceil_mode: { int: 1 } } },
  { op: 'MaxPool', kind: 'max-pool', attributes: { ...kernel(2, 2), dilations: { ints: [2, 1] } }, outputs: ['y', 'indices'] },
  { op: 'AveragePool', kind: 'average-pool', attributes: { ...kernel(3, 2), ...strides(2, 2), ...autoPad('SAME_LOWER') } },
  { op: 'LpPool', kind: 'average-pool', attributes: { ...kernel(2, 2), ...strides(2, 2) } },
  { op: 'GlobalAveragePool', kind: 'global-pool' },
  { op: 'GlobalMaxPool', kind: 'global-pool', input: [2, 3, 9] },
  { op: 'BatchNormalization', kind: 'pointwise', floats: [[4], [4], [4], [4]] },
  { op: 'InstanceNormalization', kind: 'channelwise', floats: [[4], [4]] },
  { op: 'LRN', kind: 'channelwise', attributes: { size: { int: 3 } } },
  { op: 'Relu', kind: 'pointwise' },
  { op: 'PRelu', kind: 'pointwise', floats: [[4, 1, 1]] },
  { op: 'PRelu', kind: 'positional', floats: [[4, 10, 12]] },
  { op: 'PRelu', kind: 'positional', floats: [[1, 12]] },
  { op: 'Clip', kind: 'pointwise', opset: 6, attributes: { min: { float: 0 }, max: { float: 6 } } },
  { op: 'Dropout', kind: 'pointwise' },
  { op: 'Cast', kind: 'pointwise', attributes: { to: { int: 1 } } },
  { op: 'Add', kind: 'pointwise', floats: [[4, 1, 1]] },
  { op: 'Mul', kind: 'pointwise', floats: [[]] },
  { op: 'Add', kind: 'positional', floats: [[12]] },
  { op: 'Add', kind: 'positional', floats: [[1, 1, 10, 12]] },
  { op: 'Mul', kind: 'positional', floats: [[10, 1]] },
  { op: 'Mul', kind: 'positional', input: [4, 1, 1], floats: [[1, 4, 10, 1]] },
  { op: 'Mul', kind: 'positional', input: [1, 1], floats: [[1, 4, 10, 12]] },
  { op: 'Softmax', kind: 'channelwise', attributes: axis(1) },
  { op: 'Softmax', kind: 'positional', attributes: axis(3) },
  { op: 'Softmax', kind: 'positional', attributes: axis(1), opset: 11 },
  { op: 'Flatten', kind: 'positional' },
  { op: 'Flatten', kind: 'positional', attributes: axis(-1), opset: 13 },
  { op: 'Reshape', kind: 'positional', integers: [[0, -1]] },
  { op: 'Reshape', kind: 'positional', integers: [[2, 0, -1, 3]] },
  { op: 'Reshape', kind: 'channelwise', integers: [[1, 2, 2, 10, 12]] },
  { op: 'Transpose', kind: 'channelwise', attributes: { perm: { ints: [0, 2, 3, 1] } } },
  { op: 'Transpose', kind: 'channelwise', input: [1, 2, 2, 5, 6], attributes: { perm: { ints: [0, 2, 1, 3, 4] } } },
  { op: 'Transpose', kind: 'positional' },
  { op: 'Squeeze', kind: 'positional', input: [1, 4, 1, 1], integers: [[2, -1]] },
  { op: 'Squeeze', kind: 'channelwise', input: [1, 4, 1, 1], attributes: { axes: { ints: [2] } }, opset: 11 },
  { op: 'Unsqueeze', kind: 'positional', input: [4, 5], integers: [[0, -1]] },
  { op: 'Gemm', kind: 'positional', input: [2, 5], floats: [[7, 5], [7]], attributes: { transB: { int: 1 } } },
  { op: 'MatMul', kind: 'positional', input: [2, 3, 5], floats: [[5, 7]] },
  { op: 'Pad', kind: 'pad', integers: [[0, 0, 1, 2, 0, 0, 3, -1]] },
  { op: 'Pad', kind: 'pad', attributes: { ...pads(0, 0, 1, 1, 0, 0, 2, 2), mode: { text: 'reflect' } }, opset: 10 },
  { op: 'Pad', kind: 'channelwise', integers: [[0, 1, 0, 0, 0, 0, 0, 0]] },
  { op: 'Pad', kind: 'opaque', integers: [[0, 1, 1, 0, 0, 0, 0, 0]] },
  {
    op: 'Slice',
    kind: 'slice',
    integers: [
      [0, 1],
      [100, -2],
      [2, 3],
      [2, 1],
    ],
  },
  { op: 'Slice', kind: 'slice', attributes: { starts: { ints: [2] }, ends: { ints: [-1] }, axes: { ints: [3] } }, opset: 9 },
  { op: 'Slice', kind: 'channelwise', integers: [[0], [2], [1]] },
  { op: 'Slice', kind: 'positional', integers: [[-1], [-100], [3], [-1]] },
  { op: 'Split', kind: 'channelwise', integers: [[1, 3]], attributes: axis(1), outputs: ['y', 'rest'] },
  { op: 'Split', kind: 'positional', attributes: axis(2), outputs: ['y', 'rest'] },
  { op: 'Upsample', kind: 'resize', attributes: { scales: { floats: [1, 1, 2, 1.5] } }, opset: 8 },
  { op: 'Upsample', kind: 'resize', scales: [1, 1, 2, 1.5], opset: 9 },
  { op: 'Resize', kind: 'resize', scales: [1, 1, 0.5, 0.3], opset: 10 },
  { op: 'DepthToSpace', kind: 'transposed-convolution', attributes: { blocksize: { int: 2 } } },
  { op: 'ReduceMean', kind: 'global-pool', attributes: { axes: { ints: [2, -1] }, keepdims: { int: 0 } } },
  { op: 'ReduceMean', kind: 'channelwise', attributes: { axes: { ints: [1] } } },
  { op: 'ReduceMean', kind: 'positional', attributes: { axes: { ints: [2] } } },
  { op: 'ReduceSum', kind: 'global-pool', integers: [[2, 3]] },
  { op: 'ReduceMax', kind: 'positional', attributes: { keepdims: { int: 0 } } },
  { op: 'ArgMax', kind: 'channelwise', attributes: axis(1) },
  { op: 'Gather', kind: 'channelwise', integers: [[3, 0]], attributes: axis(1) },
  { op: 'Expand', kind: 'positional', input: [1, 4, 1, 1], integers: [[1, 4, 3, 2]] },
  { op: 'SpaceToDepth', kind: 'space-to-depth', attributes: { blocksize: { int: 2 } } },
];

function build(row: Row): Uint8Array {
  const floats = row.floats ?? [];
  const weights = [
    ...floats.map((dims, index) => ({ name: `f${index}`, message: floatTensor(`f${index}`, dims, index + 1) })),
    ...(row.integers ?? []).map((values, index) => ({
      name: `i${index}`,
      message: encodeIntegerTensor(`i${index}`, [values.length], values),
    })),
    ...(row.scales === undefined ? [] : [{ name: 'scales', message: encodeFloatTensor('scales', [row.scales.length], row.scales) }]),
  ];
  const outputs = row.outputs ?? ['y'];
  const inputs = ['x', ...weights.map((weight) => weight.name)];
  return model({
    opsets: { '': row.opset ?? 17 },
    nodes: [encodeNode({ name: 'layer', opType: row.op, inputs, outputs, attributes: row.attributes ?? {} })],
    initializers: weights.map((weight) => weight.message),
    inputs: [encodeValueInfo('x', 1, row.input ?? image)],
    outputs: outputs.map((name) => encodeValueInfo(name, name === 'indices' || row.op === 'ArgMax' ? 7 : 1)),
  });
}

const name = (row: Row): string =>
  `${row.op} ${JSON.stringify({ ...row.attributes, floats: row.floats, integers: row.integers, opset: row.opset })}`;

test.each(rows.map((row) => [name(row), row] as const))('%s', async (_, row) => {
  const bytes = build(row);
  const graph = await read(bytes);
  expect(graph.layers.map((layer) => layer.operation.kind)).toEqual([row.kind]);
  const results = await run(bytes, row.input ?? image);
  for (const [tensor, result] of results) expect([tensor, graph.tensors.get(tensor)?.shape]).toEqual([tensor, result.dims]);
});

test('two maps merge; a map and its pooled weights do too', async () => {
  const pairs = [
    ['Add', {}, image],
    ['Concat', axis(1), [1, 8, 10, 12]],
  ] as const;
  for (const [op, attributes, shape] of pairs) {
    const bytes = model({
      nodes: [
        encodeNode({ name: 'left', opType: 'GlobalAveragePool', inputs: ['x'], outputs: ['g'] }),
        encodeNode({
          name: 'wide',
          opType: op === 'Add' ? 'Identity' : 'MaxPool',
          inputs: [op === 'Add' ? 'g' : 'x'],
          outputs: ['l'],
          attributes: op === 'Add' ? {} : { kernel_shape: { ints: [1, 1] } },
        }),
        encodeNode({ name: 'layer', opType: op, inputs: ['x', 'l'], outputs: ['y'], attributes }),
      ],
      inputs: [encodeValueInfo('x', 1, image)],
      outputs: [encodeValueInfo('y')],
    });
    const graph = await read(bytes);
    expect(graph.layers[2]).toMatchObject({ op, operation: { kind: 'merge' }, inputs: ['x', 'l'] });
    expect(graph.tensors.get('y')?.shape).toEqual(shape);
  }
});
