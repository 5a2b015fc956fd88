import { expect, test } from 'vitest';
import { entriesOf } from '../../../src/core/formats/onnx/operators/constants';
import { operators } from '../../../src/core/formats/onnx/operators/table';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { encodeModel, encodeNode, encodeTensor, type AttributeValue } from '../../../src/core/formats/onnx/wire/write';
import { encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import { Random } from '../../fuzz/random';
import { foldedOutputs, runConstants, runtimeTypes } from './folded-model';

const { float, int32, int64, bool } = elementType;

/** A tensor whose values are known. */
interface Given {
  readonly dims: readonly number[];
  readonly type: number;
  readonly values: readonly number[];
}

/** One node: its inputs (null where left out), its attributes. */
interface Trial {
  readonly inputs: readonly (Given | null)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

interface RandomOperator {
  readonly names: readonly string[];
  readonly types: readonly number[];
  readonly opset?: number;
  readonly make: (pick: Random, type: number) => Trial;
}

const count = (dims: readonly number[]): number => dims.reduce((product, length) => product * length, 1);
const int = (value: number): AttributeValue => ({ int: value });
const whole = (pick: Random, least: number, most: number): number => least + pick.below(most - least + 1);
const listOf = (pick: Random, length: number, least: number, most: number): number[] =>
  Array.from({ length }, () => whole(pick, least, most));
const shapeOf = (pick: Random, rank = whole(pick, 0, 3)): number[] => listOf(pick, rank, 1, 3);

/** Values such as shape arithmetic meets: small whole numbers, halves and thirds, seldom 0. */
function tensor(pick: Random, type: number, dims: readonly number[], least = -7): Given {
  const values = Array.from({ length: count(dims) }, () => {
    if (type === bool) return whole(pick, 0, 1);
    const value = whole(pick, least, 9);
    return type === float ? Math.fround(value / whole(pick, 1, 3)) : value;
  });
  return { dims, type, values };
}

const integers = (...values: number[]): Given => ({ dims: [values.length], type: int64, values });
const scalar = (type: number, value: number): Given => ({ dims: [], type, values: [value] });
/** Counted from the front or from the end. */
const axisOf = (pick: Random, rank: number): number => whole(pick, -rank, rank - 1);

/** A shape that stretches to the given one: axes of length 1, leading ones left out. */
function stretching(pick: Random, dims: readonly number[]): number[] {
  return dims.map((length) => (pick.chance(0.3) ? 1 : length)).slice(pick.chance(0.3) ? 1 : 0);
}

/** Two or more operands that broadcast; the divisor, which comes second, is no zero. */
const broadcasting =
  (operands: number, least = -7): RandomOperator['make'] =>
  (pick, type) => {
    const dims = shapeOf(pick);
    return { inputs: Array.from({ length: operands }, (_, index) => tensor(pick, type, stretching(pick, dims), index > 0 ? least : -7)) };
  };

const single =
  (attributes: (pick: Random, rank: number) => Readonly<Record<string, AttributeValue>> = () => ({})): RandomOperator['make'] =>
  (pick, type) => {
    const input = tensor(pick, type, shapeOf(pick, whole(pick, 1, 3)));
    return { inputs: [input], attributes: attributes(pick, input.dims.length) };
  };

const numbers = [float, int64, int32];
const random3 = (pick: Random): number[] => shapeOf(pick, whole(pick, 1, 3));

const table: readonly RandomOperator[] = [
  { names: ['Add', 'Sub', 'Mul', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'], types: numbers, make: broadcasting(2) },
  { names: ['Div'], types: numbers, make: broadcasting(2, 1) },
  { names: ['Mod'], types: [int64, int32], make: broadcasting(2, 1) },
  { names: ['Max', 'Min'], types: numbers, make: broadcasting(3) },
  { names: ['Sum'], types: [float], make: broadcasting(3) },
  { names: ['And', 'Or', 'Xor'], types: [bool], make: broadcasting(2) },
  {
    names: ['Where'],
    types: [float, int64],
    make: (pick, type) => {
      const dims = shapeOf(pick);
      return { inputs: [bool, type, type].map((each) => tensor(pick, each, stretching(pick, dims))) };
    },
  },
  { names: ['Abs', 'Neg', 'Sign'], types: numbers, make: single() },
  { names: ['Floor', 'Ceil', 'Round', 'Identity', 'Transpose'], types: [float], make: single() },
  { names: ['Not'], types: [bool], make: single() },
  {
    names: ['Cast'],
    types: [float, int64, int32, bool],
    make: single((pick) => ({ to: int(pick.pick([float, int64, int32, bool])) })),
  },
  {
    names: ['CastLike'],
    types: numbers,
    make: (pick, type) => ({ inputs: [tensor(pick, type, random3(pick)), tensor(pick, pick.pick([float, int64]), [1])] }),
  },
  {
    names: ['Clip'],
    types: numbers,
    make: (pick, type) => ({
      inputs: [
        tensor(pick, type, shapeOf(pick)),
        pick.chance(0.3) ? null : tensor(pick, type, []),
        pick.chance(0.3) ? null : tensor(pick, type, []),
      ],
    }),
  },
  {
    names: ['Range'],
    types: numbers,
    make: (pick, type) => {
      const step = whole(pick, 1, 3) * (pick.chance(0.5) ? 1 : -1);
      return { inputs: [whole(pick, -5, 5), whole(pick, -9, 9), type === float ? step / 2 : step].map((value) => scalar(type, value)) };
    },
  },
  { names: ['Size'], types: [float], make: single() },
  {
    names: ['Shape'],
    types: [float],
    make: single((pick, rank) => ({ start: int(whole(pick, -rank - 1, rank)), end: int(whole(pick, -rank - 1, rank + 1)) })),
  },
  {
    names: ['ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceMean'],
    types: [int64, int32],
    opset: 18,
    make: (pick, type) => {
      const input = tensor(pick, type, random3(pick));
      const axes = input.dims.flatMap((_, axis) => (pick.chance(0.5) ? [pick.chance(0.5) ? axis : axis - input.dims.length] : []));
      return { inputs: [input, axes.length === 0 ? null : integers(...axes)], attributes: { keepdims: int(whole(pick, 0, 1)) } };
    },
  },
  {
    names: ['Concat'],
    types: [float, int64],
    make: (pick, type) => {
      const dims = random3(pick);
      const axis = axisOf(pick, dims.length);
      const place = axis < 0 ? axis + dims.length : axis;
      const parts = listOf(pick, 3, 1, 3).map((length) => dims.map((own, index) => (index === place ? length : own)));
      return { inputs: parts.map((shape) => tensor(pick, type, shape)), attributes: { axis: int(axis) } };
    },
  },
  {
    names: ['Gather'],
    types: [float, int64],
    make: (pick, type) => {
      const data = tensor(pick, type, random3(pick));
      const axis = axisOf(pick, data.dims.length);
      const length = data.dims.at(axis)!;
      const dims = shapeOf(pick, whole(pick, 0, 2));
      return {
        inputs: [data, { dims, type: int64, values: listOf(pick, count(dims), -length, length - 1) }],
        attributes: { axis: int(axis) },
      };
    },
  },
  {
    names: ['Slice'],
    types: [float, int64],
    make: (pick, type) => {
      const data = tensor(pick, type, random3(pick));
      const axis = axisOf(pick, data.dims.length);
      const step = whole(pick, 1, 2) * (pick.chance(0.5) ? 1 : -1);
      return { inputs: [data, ...[whole(pick, -4, 4), whole(pick, -4, 4), axis, step].map((value) => integers(value))] };
    },
  },
  {
    names: ['GatherElements'],
    types: [float, int64],
    make: (pick, type) => {
      const data = tensor(pick, type, random3(pick));
      const axis = axisOf(pick, data.dims.length);
      const length = data.dims.at(axis)!;
      const dims = data.dims.map((extent) => whole(pick, 1, extent));
      return {
        inputs: [data, { dims, type: int64, values: listOf(pick, count(dims), -length, length - 1) }],
        attributes: { axis: int(axis) },
      };
    },
  },
  { names: ['GatherND'], types: [float, int64], make: (pick, type) => ({ inputs: tuples(pick, type, whole(pick, 1, 3)) }) },
  {
    names: ['ScatterND'],
    types: [float, int64],
    opset: 18,
    make: (pick, type) => {
      const [data, indices] = tuples(pick, type, whole(pick, 1, 3)) as [Given, Given];
      const dims = [...indices.dims.slice(0, -1), ...data.dims.slice(indices.dims.at(-1))];
      const reduction = pick.pick(['none', 'add', 'mul', 'min', 'max']);
      return { inputs: [data, indices, tensor(pick, type, dims)], attributes: { reduction: { text: reduction } } };
    },
  },
  {
    names: ['ScatterElements'],
    types: [float, int64],
    make: (pick, type) => {
      const data = tensor(pick, type, random3(pick));
      const axis = axisOf(pick, data.dims.length);
      const length = data.dims.at(axis)!;
      const place = axis < 0 ? axis + data.dims.length : axis;
      // One place each, so that the order does not matter.
      const dims = data.dims.map((extent, index) => (index === place ? 1 : whole(pick, 1, extent)));
      return {
        inputs: [data, { dims, type: int64, values: listOf(pick, count(dims), -length, length - 1) }, tensor(pick, type, dims)],
        attributes: { axis: int(axis) },
      };
    },
  },
  { names: ['NonZero'], types: [float, int64], make: (pick, type) => ({ inputs: [tensor(pick, type, random3(pick), 0)] }) },
  {
    names: ['Expand'],
    types: [float, int64],
    make: (pick, type) => {
      const dims = random3(pick);
      return { inputs: [tensor(pick, type, stretching(pick, dims)), integers(...dims)] };
    },
  },
  {
    names: ['Tile'],
    types: [float, int64],
    make: (pick, type) => {
      const dims = random3(pick);
      return { inputs: [tensor(pick, type, dims), integers(...listOf(pick, dims.length, 1, 3))] };
    },
  },
  {
    names: ['ConstantOfShape'],
    types: [int64],
    make: (pick) => ({
      inputs: [integers(...random3(pick))],
      attributes: { value: { tensor: encoded({ dims: [1], type: int32, values: [whole(pick, -3, 3)] }) } },
    }),
  },
  {
    names: ['DequantizeLinear'],
    types: [int32],
    make: (pick) => {
      const dims = shapeOf(pick, 2);
      const axis = axisOf(pick, 2);
      const value = { ...tensor(pick, int32, dims), type: elementType.int8 };
      return {
        inputs: [value, tensor(pick, float, [dims.at(axis)!], 1), { ...tensor(pick, int32, [dims.at(axis)!]), type: elementType.int8 }],
        attributes: { axis: int(axis) },
      };
    },
  },
  {
    names: ['QuantizeLinear'],
    types: [float],
    make: (pick) => {
      const dims = shapeOf(pick, 2);
      const axis = axisOf(pick, 2);
      const zeros = { ...tensor(pick, int32, [dims.at(axis)!], 0), type: elementType.uint8 };
      return {
        inputs: [tensor(pick, float, dims), { ...zeros, type: float, values: zeros.values.map(() => 0.25) }, zeros],
        attributes: { axis: int(axis) },
      };
    },
  },
];

/** Data with tuples of `depth` indices into it, no place named twice. */
function tuples(pick: Random, type: number, depth: number): readonly Given[] {
  const data = tensor(pick, type, listOf(pick, Math.max(depth, whole(pick, 1, 3)), 1, 3));
  const first = data.dims[0]!;
  const rows = Array.from({ length: first }, (_, row) => [
    pick.chance(0.5) ? row : row - first,
    ...data.dims.slice(1, depth).map((length) => whole(pick, -length, length - 1)),
  ]).slice(0, whole(pick, 1, first));
  return [data, { dims: [rows.length, depth], type: int64, values: rows.flat() }];
}

const sizes: ReadonlyMap<number, number> = new Map([
  [float, 4],
  [int32, 4],
  [int64, 8],
]);

function encoded({ dims, type, values }: Given, name?: string): Uint8Array {
  const size = sizes.get(type) ?? 1;
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [index, value] of values.entries()) {
    if (type === float) view.setFloat32(index * size, value, true);
    else if (type === int64) view.setBigInt64(index * size, BigInt(value), true);
    else if (type === int32) view.setInt32(index * size, value, true);
    else view.setInt8(index, value);
  }
  return encodeTensor({ ...(name !== undefined && { name }), dims, dataType: type, rawData: new Uint8Array(view.buffer) });
}

const trialsPerType = 10;

/** Operators with a fold that hand-written cases alone try: their results follow from the shapes, or from tables of their own. */
const elsewhere = new Set([
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Split', 'Dropout', 'Scatter', 'Constant'],
  ...['Sqrt', 'Reciprocal', 'Pow'],
]);

test('every operator that is folded is tried with random values', () => {
  const tried = new Set([...elsewhere, ...table.flatMap(({ names }) => names)]);
  const folded = operators.filter(({ fold, constant }) => fold !== undefined || constant !== undefined);
  expect(folded.flatMap(({ names }) => names).filter((name) => !tried.has(name))).toEqual([]);
});

const runs = table.flatMap(({ names, types, ...rest }) => names.flatMap((name) => types.map((type) => ({ name, type, ...rest }))));

test.each(runs.map((each) => [`${each.name} of ${runtimeTypes.get(each.type) ?? ''}`, each] as const))(
  '%s gives what ONNX Runtime computes',
  async (label, { name, type, opset = 17, make }) => {
    const pick = new Random(Buffer.from(label).reduce((sum, byte) => Math.imul(sum, 31) + byte, 1));
    const trials = Array.from({ length: trialsPerType }, () => make(pick, type));
    const bytes = encodeModel({
      irVersion: 8,
      opsets: { '': opset },
      nodes: trials.map(({ inputs, attributes = {} }, trial) =>
        encodeNode({
          opType: name,
          inputs: inputs.map((input, index) => (input === null ? '' : `c${trial}.${index}`)),
          outputs: [`y${trial}`],
          attributes,
        }),
      ),
      initializers: trials.flatMap(({ inputs }, trial) =>
        inputs.flatMap((input, index) => (input === null ? [] : [encoded(input, `c${trial}.${index}`)])),
      ),
      inputs: [],
      outputs: trials.map((_, trial) => encodeTextField(1, `y${trial}`)),
    });
    const computed = await runConstants(bytes);
    for (const [trial, what] of trials.entries()) {
      const expected = computed.get(`y${trial}`)!;
      const [folded] = foldedOutputs(bytes, trial);
      const values = [...(expected.data as Iterable<number | bigint | boolean>)].map(Number);
      expect(folded?.shape, JSON.stringify(what)).toEqual(expected.dims);
      expect(runtimeTypes.get(folded?.type ?? 0)).toBe(expected.type);
      expect(entriesOf(folded), JSON.stringify(what)).toEqual(values);
    }
  },
);
