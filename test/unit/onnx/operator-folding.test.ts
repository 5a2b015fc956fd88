import { expect, test } from 'vitest';
import { arrayOf, deferredLimit } from '../../../src/core/formats/onnx/operators/constants';
import { operators } from '../../../src/core/formats/onnx/operators/table';
import {
  encodeFloatTensor,
  encodeIntegerTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  type AttributeValue,
} from '../../../src/core/formats/onnx/wire/write';
import { encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import { foldedOutputs, runConstants, runtimeTypes } from './folded-model';
import { float, floats, integer, integerGrid, integers, weights, type ConstantInput } from './operator-cases';

/** An operator on constants, whose values ONNX Runtime computes too. */
interface FoldingCase {
  readonly op: string;
  readonly opset?: number;
  /** Null where an optional input is left out. */
  readonly inputs?: readonly (ConstantInput | null)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly outputs?: number;
}

const int = (value: number): AttributeValue => ({ int: value });
const ints = (...values: number[]): AttributeValue => ({ ints: values });
const truths =
  (...values: readonly (0 | 1)[]): ConstantInput =>
  (name) =>
    encodeTensor({ name, dims: [values.length], dataType: 9, rawData: Uint8Array.from(values) });
const signed =
  (dims: readonly number[], ...values: number[]): ConstantInput =>
  (name) =>
    encodeTensor({ name, dims, dataType: 3, rawData: Uint8Array.from(values) });
const grid =
  (dims: readonly number[], ...values: number[]): ConstantInput =>
  (name) =>
    encodeFloatTensor(name, dims, values);

const matrix = integerGrid([2, 3], 1, 2, 3, 4, 5, 6);
const halves = floats(-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 3.7, -3.7);
const unary: readonly FoldingCase[] = [
  ...['Identity', 'Dropout', 'Abs', 'Neg', 'Floor', 'Ceil', 'Round'].map((op): FoldingCase => ({ op, inputs: [halves] })),
  ...['Identity', 'Abs', 'Neg'].map((op): FoldingCase => ({ op, inputs: [integers(-3, 0, 7)] })),
  { op: 'Sqrt', inputs: [floats(0, 2, 9)] },
  { op: 'Reciprocal', inputs: [floats(3, -0.25)] },
  { op: 'Sign', inputs: [halves] },
  { op: 'Not', inputs: [truths(1, 0)] },
  { op: 'Clip', inputs: [integers(-3, 0, 7), integer(0), integer(5)] },
  { op: 'Clip', inputs: [integers(-3, 0, 7), null, integer(5)] },
  { op: 'Clip', inputs: [integers(-3, 0, 7), integer(1)] },
  { op: 'Clip', inputs: [halves, float(2), float(-1)] },
  { op: 'Clip', opset: 6, inputs: [halves], attributes: { min: { float: -1 }, max: { float: 2 } } },
  { op: 'CastLike', inputs: [halves, integer(1)] },
  { op: 'Cast', inputs: [halves], attributes: { to: int(7) } },
  { op: 'Cast', inputs: [integers(-2, 5)], attributes: { to: int(1) } },
  { op: 'Cast', inputs: [halves], attributes: { to: int(9) } },
  { op: 'Cast', inputs: [integers(0, 5, -1)], attributes: { to: int(9) } },
  { op: 'Cast', inputs: [halves], attributes: { to: int(6) } },
];

/** Operands of equal shape, one of a single value, and two that both stretch. */
const whole: readonly (readonly [ConstantInput, ConstantInput])[] = [
  [integers(7, -7, 7, -7), integers(2, 2, -2, -2)],
  [integers(7, -7, 0), integer(3)],
  [integerGrid([3, 1], 5, -6, 7), integers(2, -4)],
];
const fractions: readonly (readonly [ConstantInput, ConstantInput])[] = [
  [floats(1.5, -2.25, 3), floats(2, 2, -0.5)],
  [float(2), floats(0.5, 3)],
  [grid([2, 1], 1.5, 2), grid([1, 3], 2, 3, -1)],
];
const pairs: readonly FoldingCase[] = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Mod'].flatMap((op) =>
    whole.map((inputs): FoldingCase => ({ op, inputs })),
  ),
  ...['Add', 'Sub', 'Mul', 'Div', 'Sum', 'Max', 'Min', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].flatMap((op) =>
    fractions.map((inputs): FoldingCase => ({ op, inputs })),
  ),
  { op: 'Sum', inputs: [floats(1, 2), floats(3, 4), float(0.5)] },
  { op: 'Mod', inputs: [floats(7.5, -7.5, 7.5), floats(2, 2, -2)], attributes: { fmod: int(1) } },
  { op: 'Mod', inputs: [integers(7, -7, 7), integers(2, 2, -2)], attributes: { fmod: int(1) } },
  { op: 'Pow', inputs: [floats(2, 9, 4), floats(3, 0.5, -1)] },
  { op: 'Pow', inputs: [integers(2, -3), integer(3)] },
  { op: 'And', inputs: [truths(1, 1, 0, 0), truths(1, 0, 1, 0)] },
  { op: 'Xor', inputs: [truths(1, 1, 0, 0), truths(1, 0, 1, 0)] },
  { op: 'Max', inputs: [integers(1, 2), integerGrid([2, 1], 0, 3), integer(-1)] },
  { op: 'Or', inputs: [truths(1, 1, 0, 0), truths(1, 0, 1, 0)] },
  { op: 'Where', inputs: [truths(1, 0, 1), integers(1, 2, 3), integer(-1)] },
  { op: 'Where', inputs: [truths(1, 0), grid([2, 1], 0.5, 1.5), float(9)] },
];

const block = weights(2, 3, 4);
const moved: readonly FoldingCase[] = [
  { op: 'Reshape', inputs: [block, integers(0, -1, 2)] },
  { op: 'Flatten', inputs: [block], attributes: { axis: int(2) } },
  { op: 'Squeeze', inputs: [weights(1, 3, 1), integers(0)] },
  { op: 'Unsqueeze', inputs: [integers(1, 2), integers(-1)] },
  { op: 'Transpose', inputs: [block], attributes: { perm: ints(1, 2, 0) } },
  { op: 'Transpose', inputs: [block] },
  { op: 'Expand', inputs: [grid([2, 1], 1, 2), integers(3, 1, 2)] },
  { op: 'Expand', inputs: [integer(4), integers(5)] },
  { op: 'Tile', inputs: [weights(2, 3), integers(2, 3)] },
  { op: 'Tile', inputs: [weights(2, 30), integers(8, 9)] },
  { op: 'Concat', inputs: [weights(2, 3), weights(2, 1)], attributes: { axis: int(-1) } },
  { op: 'Concat', inputs: [integers(1, 2), integers(3)], attributes: { axis: int(0) } },
  { op: 'Gather', inputs: [block, integers(-1, 0)], attributes: { axis: int(1) } },
  { op: 'Gather', inputs: [integers(5, 6, 7), integer(1)] },
  { op: 'Gather', inputs: [block, integerGrid([2, 2], 0, 1, 1, 0)], attributes: { axis: int(0) } },
  { op: 'Slice', inputs: [block, integers(1, -1), integers(3, -100), integers(1, 2), integers(1, -2)] },
  { op: 'Slice', inputs: [integers(1, 2, 3, 4), integers(1), integers(2 ** 31)] },
  { op: 'Slice', opset: 9, inputs: [block], attributes: { starts: ints(0, 1), ends: ints(1, -1), axes: ints(0, 2) } },
  { op: 'Split', inputs: [block, integers(1, 3)], attributes: { axis: int(2) }, outputs: 2 },
  { op: 'Split', inputs: [weights(6, 2)], outputs: 3 },
  { op: 'Split', opset: 18, inputs: [weights(5, 2)], attributes: { num_outputs: int(3) }, outputs: 3 },
];

const reduced: readonly FoldingCase[] = [
  ...['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'].flatMap((op): FoldingCase[] => [
    { op, inputs: [floats(1.5, -2, 4)], attributes: { keepdims: int(0) } },
    { op, inputs: [integers(3, -2, 5)] },
    op === 'ReduceSum'
      ? { op, inputs: [weights(2, 3), integers(0, 1)] }
      : { op, inputs: [weights(2, 3)], attributes: { axes: ints(0, 1), keepdims: int(1) } },
  ]),
  ...['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'].flatMap((op): FoldingCase[] =>
    [0, 1].map((keepdims) => ({
      op,
      opset: 18,
      inputs: [integerGrid([2, 3, 2], 3, -2, 5, 1, 0, 7, 2, 2, -9, 4, 6, 1), integers(-1, 0)],
      attributes: { keepdims: int(keepdims) },
    })),
  ),
  { op: 'ReduceSum', inputs: [matrix], attributes: { noop_with_empty_axes: int(1) } },
  { op: 'ReduceMax', opset: 18, inputs: [integers(3, -2, 5), integers(0)], attributes: { keepdims: int(0) } },
];

const made: readonly FoldingCase[] = [
  { op: 'Shape', inputs: [weights(2, 3, 4)] },
  { op: 'Shape', inputs: [weights(2, 3, 4)], attributes: { start: int(1), end: int(-1) } },
  { op: 'Size', inputs: [weights(2, 3, 4)] },
  { op: 'Range', inputs: [integer(1), integer(10), integer(3)] },
  { op: 'Range', inputs: [float(1), float(-1), float(-0.5)] },
  { op: 'ConstantOfShape', inputs: [integers(2, 3)] },
  { op: 'ConstantOfShape', inputs: [integers(4)], attributes: { value: { tensor: encodeIntegerTensor('', [1], [7]) } } },
  { op: 'ConstantOfShape', inputs: [integers(40, 50)], attributes: { value: { tensor: encodeFloatTensor('', [1], [0.5]) } } },
  { op: 'Constant', attributes: { value: { tensor: encodeFloatTensor('', [2], [1.5, -2]) } } },
  { op: 'Constant', attributes: { value_int: int(3) } },
  { op: 'Constant', attributes: { value_float: { float: 0.5 } } },
  { op: 'Constant', attributes: { value_ints: ints(3, -4) } },
  { op: 'DequantizeLinear', inputs: [signed([3], 5, 250, 0), float(0.5), signed([], 2)] },
  { op: 'DequantizeLinear', inputs: [signed([2, 2], 1, 2, 3, 4), floats(0.5, 2)], attributes: { axis: int(1) } },
  { op: 'DequantizeLinear', inputs: [signed([2, 2], 1, 2, 3, 4), floats(0.5, 2), signed([2], 1, 0)], attributes: { axis: int(0) } },
];

const placed: readonly FoldingCase[] = [
  { op: 'NonZero', inputs: [integerGrid([2, 3], 0, 2, 0, 4, 0, 6)] },
  { op: 'GatherElements', inputs: [matrix, integerGrid([2, 2], 0, -1, 1, 0)], attributes: { axis: int(1) } },
  { op: 'GatherElements', inputs: [matrix, integerGrid([1, 3], 1, 0, -1)] },
  { op: 'GatherND', inputs: [matrix, integerGrid([2, 1], 1, -2)] },
  { op: 'GatherND', inputs: [matrix, integerGrid([2, 2], 0, 2, 1, -1)] },
  { op: 'GatherND', inputs: [matrix, integerGrid([2, 1], 2, 0)], attributes: { batch_dims: int(1) } },
  { op: 'Scatter', opset: 10, inputs: [matrix, integerGrid([1, 2], 1, 0), integerGrid([1, 2], 9, 8)] },
  { op: 'ScatterElements', inputs: [matrix, integerGrid([2, 1], -1, 0), integerGrid([2, 1], 9, 8)], attributes: { axis: int(1) } },
  { op: 'ScatterND', inputs: [matrix, integerGrid([1, 1], -1), integerGrid([1, 3], 7, 8, 9)] },
  { op: 'ScatterND', inputs: [matrix, integerGrid([2, 2], 0, 1, 1, 2), integers(7, 9)] },
  ...['add', 'mul', 'max', 'min'].map((reduction): FoldingCase => ({
    op: 'ScatterND',
    opset: 18,
    inputs: [matrix, integerGrid([2, 2], 0, 1, 0, 1), integers(-7, 9)],
    attributes: { reduction: { text: reduction } },
  })),
  { op: 'QuantizeLinear', inputs: [floats(-9, 0.5, 1.5, 700), float(0.5), signed([], 3)] },
  { op: 'QuantizeLinear', inputs: [grid([2, 2], 1, -2, 3, -4), floats(0.5, 2)], attributes: { axis: int(0) } },
];

const cases = [...unary, ...pairs, ...moved, ...reduced, ...made, ...placed];
const isFolded = operators.filter(({ fold, constant }) => fold !== undefined || constant !== undefined);

test('every operator that is folded is compared with ONNX Runtime', () => {
  const tried = new Set(cases.map(({ op }) => op));
  expect(isFolded.flatMap(({ names }) => names).filter((name) => !tried.has(name))).toEqual([]);
});

test.each(cases.map((one) => [labelOf(one), one] as const))('%s has the values that ONNX Runtime computes', async (_, one) => {
  const names = (one.inputs ?? []).map((constant, index) => (constant === null ? '' : `c${index}`));
  const outputs = Array.from({ length: one.outputs ?? 1 }, (_, index) => `y${index}`);
  const bytes = encodeModel({
    irVersion: 8,
    opsets: { '': one.opset ?? 17 },
    nodes: [encodeNode({ name: 'layer', opType: one.op, inputs: names, outputs, attributes: one.attributes ?? {} })],
    initializers: (one.inputs ?? []).flatMap((constant, index) => (constant === null ? [] : [constant(names[index]!)])),
    inputs: [],
    outputs: outputs.map((name) => encodeTextField(1, name)),
  });
  const computed = await runConstants(bytes);
  for (const [index, folded] of foldedOutputs(bytes, 0).entries()) {
    const expected = computed.get(outputs[index]!);
    const values = [...(expected?.data as Iterable<number | bigint | boolean>)].map(Number);
    expect(folded.shape).toEqual(expected?.dims);
    expect(runtimeTypes.get(folded.type)).toBe(expected?.type);
    expect(arrayOf(folded, deferredLimit)?.map(Math.fround)).toEqual(values.map((value): unknown => expect.closeTo(value, 5)));
  }
});

function labelOf({ op, opset, inputs = [], attributes }: FoldingCase): string {
  return `${op}${opset === undefined ? '' : `-${opset}`} of ${inputs.length} ${JSON.stringify(attributes ?? {})}`;
}
