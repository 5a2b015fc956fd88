import { normalisedAxis } from '../../../graph/layout';
import type { Dimension, Shape } from '../../../graph/model-graph';
import { deferredLimit, numbersOf, type Constant } from '../read/constants';
import { gatherArray, joinArrays, permuteArray, sliceArray, stretchArray, tileArray, type KnownArray } from './folding-arrays';
import { inputShape, intAttribute, intsAttribute, type OperatorCall } from '../operators/call';
import { elementCount } from '../wire/tensor-values';

type Entries = readonly Dimension[];
type Read = (constant: Constant | undefined) => Entries | undefined;

/** A node whose values are computed. */
export interface FoldedCall {
  readonly call: OperatorCall;
  /** Of the result. */
  readonly shape: Shape;
  /** True where division rounds. */
  readonly integer: boolean;
  /** Which of the node's outputs. */
  readonly output: number;
}

/** The arithmetic that exporters write around Reshape, Slice, Resize, Pad and fixed filters; undefined where it cannot be done. */
export function foldEntries(folded: FoldedCall, read: Read): Entries | undefined {
  const { call, integer, shape } = folded;
  const { opType } = call.node;
  if (folded.output > 0 && opType !== 'Split') return undefined;
  const list = (index: number): Entries | undefined => read(call.inputs[index]?.constant);
  switch (opType) {
    case 'Shape':
      return inputShape(call, 0)?.slice(intAttribute(call, 'start', 0), call.node.attributes.get('end')?.int);
    case 'Size':
      return sizeOf(inputShape(call, 0));
    case 'Identity':
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Dropout':
      return list(0);
    case 'Cast':
      return integer ? map(list(0), Math.trunc) : list(0);
    case 'DequantizeLinear':
      return dequantized(call, read);
    case 'Expand':
      return shape && stretched(call, read, 0, shape);
    case 'ReduceProd':
    case 'ReduceSum':
    case 'ReduceMax':
    case 'ReduceMin':
    case 'ReduceMean':
      return reduced(opType, list(0), shape, call, read);
    case 'Range':
      return progression(list(0)?.[0], list(2)?.[0], shape?.[0]);
    case 'Where':
      return chosen(call, read, shape);
    default:
      return arranged(folded, read) ?? computed(folded, read);
  }
}

function sizeOf(shape: Shape): Entries | undefined {
  return shape && [shape.reduce<Dimension>((total, length) => (total === null || length === null ? null : total * length), 1)];
}

function map(list: Entries | undefined, operation: (value: number) => number): Entries | undefined {
  return list?.map((value) => (value === null ? null : operation(value)));
}

/** Values with their shape, where both are known. */
function knownArray(call: OperatorCall, read: Read, index: number): KnownArray | undefined {
  const shape = inputShape(call, index);
  const values = read(call.inputs[index]?.constant);
  if (values === undefined || shape?.every((length) => length !== null) !== true) return undefined;
  return elementCount(shape) === values.length ? { shape, values } : undefined;
}

function numbers(call: OperatorCall, read: Read, name: string, index: number): readonly number[] | undefined {
  const given = intsAttribute(call, name) ?? read(call.inputs[index]?.constant);
  return given?.every((value) => value !== null) === true ? given : undefined;
}

/** Values that only move. */
function arranged({ call, shape, output }: FoldedCall, read: Read): Entries | undefined {
  const array = knownArray(call, read, 0);
  if (array === undefined) return undefined;
  switch (call.node.opType) {
    case 'Transpose':
      return permuteArray(array, intsAttribute(call, 'perm') ?? array.shape.map((_, axis) => array.shape.length - 1 - axis));
    case 'Concat': {
      const arrays = call.inputs.map((_, index) => knownArray(call, read, index));
      const axis = normalisedAxis(intAttribute(call, 'axis', 1), array.shape.length);
      return axis === undefined || !arrays.every((part) => part !== undefined) ? undefined : joinArrays(arrays, axis);
    }
    case 'Gather': {
      const indices = numbers(call, read, 'indices', 1);
      const axis = normalisedAxis(intAttribute(call, 'axis', 0), array.shape.length);
      return indices === undefined || axis === undefined ? undefined : gatherArray(array, axis, indices);
    }
    case 'Slice':
      return sliced(call, read, array);
    case 'Split':
      return part(call, array, shape, output);
    case 'Tile': {
      const repeats = numbers(call, read, 'repeats', 1);
      return repeats && tileArray(array, repeats);
    }
    default:
      return undefined;
  }
}

/** One part of a Split; the parts before it are as long as their inferred shapes. */
function part(call: OperatorCall, array: KnownArray, shape: Shape, output: number): Entries | undefined {
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), array.shape.length);
  const length = axis === undefined ? null : (shape?.[axis] ?? null);
  if (axis === undefined || length === null) return undefined;
  const given = numbersOf(call.inputs[1]?.constant) ?? intsAttribute(call, 'split');
  const usual = Math.ceil((array.shape[axis] ?? 0) / Math.max(call.node.outputs.length, 1));
  const start = given === undefined ? output * usual : given.slice(0, output).reduce((sum, size) => sum + size, 0);
  return sliceArray(array, [{ axis, start, end: start + length, step: 1 }]);
}

function sliced(call: OperatorCall, read: Read, array: KnownArray): Entries | undefined {
  const starts = numbers(call, read, 'starts', 1);
  const ends = numbers(call, read, 'ends', 2);
  if (starts === undefined || ends === undefined) return undefined;
  const axes = numbers(call, read, 'axes', 3) ?? starts.map((_, axis) => axis);
  const steps = numbers(call, read, 'steps', 4) ?? starts.map(() => 1);
  return sliceArray(
    array,
    axes.map((axis, index) => ({
      axis: normalisedAxis(axis, array.shape.length) ?? -1,
      start: starts[index] ?? 0,
      end: ends[index] ?? 0,
      step: steps[index] ?? 1,
    })),
  );
}

function stretched(call: OperatorCall, read: Read, index: number, shape: readonly Dimension[]): Entries | undefined {
  const values = read(call.inputs[index]?.constant);
  if (values?.length === 1 && shape.length <= 1) return shape.length === 0 ? values : repeat(values[0] ?? null, shape[0] ?? null);
  const array = knownArray(call, read, index);
  if (array === undefined || !shape.every((length) => length !== null)) return undefined;
  return stretchArray(array, shape);
}

function repeat(value: Dimension, count: Dimension): Entries | undefined {
  return count === null || count > deferredLimit ? undefined : new Array<Dimension>(count).fill(value);
}

/** Quantized weights: (value - zero point) * scale, with one scale for all or one per entry of an axis. */
function dequantized(call: OperatorCall, read: Read): Entries | undefined {
  const array = knownArray(call, read, 0);
  const scales = read(call.inputs[1]?.constant);
  const zeros = call.inputs[2] === undefined ? [0] : read(call.inputs[2].constant);
  if (array === undefined || scales === undefined || zeros === undefined || (inputShape(call, 1)?.length ?? 0) > 1) return undefined;
  const axis = normalisedAxis(intAttribute(call, 'axis', 1), array.shape.length) ?? 0;
  const inner = elementCount(array.shape.slice(axis + 1));
  const along = (list: Entries, index: number): Dimension =>
    list.length === 1 ? (list[0] ?? null) : (list[Math.floor(index / inner) % (array.shape[axis] ?? 1)] ?? null);
  return array.values.map((value, index) => {
    const scale = along(scales, index);
    const zero = along(zeros, index);
    return value === null || scale === null || zero === null ? null : (value - zero) * scale;
  });
}

/** A reduction of all values to one. */
function reduced(opType: string, list: Entries | undefined, shape: Shape, call: OperatorCall, read: Read): Entries | undefined {
  const isWhole =
    shape?.every((length) => length === 1) === true || (numbers(call, read, 'axes', 1) === undefined && call.inputs[1] === undefined);
  if (list === undefined || !isWhole || list.length === 0) return undefined;
  if (!list.every((value) => value !== null)) return [null];
  switch (opType) {
    case 'ReduceProd':
      return [list.reduce((total, value) => total * value, 1)];
    case 'ReduceMax':
      return [list.reduce((best, value) => Math.max(best, value))];
    case 'ReduceMin':
      return [list.reduce((best, value) => Math.min(best, value))];
    default: {
      const sum = list.reduce((total, value) => total + value, 0);
      return [opType === 'ReduceSum' ? sum : sum / list.length];
    }
  }
}

function progression(start: Dimension | undefined, step: Dimension | undefined, count: Dimension | undefined): Entries | undefined {
  if (typeof start !== 'number' || typeof step !== 'number' || typeof count !== 'number' || count > 1024) return undefined;
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function chosen(call: OperatorCall, read: Read, shape: Shape): Entries | undefined {
  if (shape === undefined) return undefined;
  const [condition, yes, no] = [0, 1, 2].map((index) => stretched(call, read, index, shape));
  if (condition === undefined || yes === undefined || no === undefined) return undefined;
  return condition.map((value, index) => (value === null ? null : ((value === 0 ? no : yes)[index] ?? null)));
}

/** Values that are computed one by one. */
function computed({ call, integer, shape }: FoldedCall, read: Read): Entries | undefined {
  const { opType } = call.node;
  const single = unary(opType);
  if (single !== undefined) return map(read(call.inputs[0]?.constant), single);
  const operation = binary(opType, integer);
  if (operation === undefined) return undefined;
  const lists = call.inputs.map((input) => read(input?.constant));
  const combined = lists.reduce((left, right) => combine(left, right, operation));
  // As many values as the result has; [3, 1] and [3] make nine.
  const count = shape?.every((length) => length !== null) === true ? elementCount(shape) : undefined;
  return count === undefined || combined?.length === count ? combined : stretchedPair(call, read, shape, operation);
}

/** Operands of different shapes; at most two. */
function stretchedPair(call: OperatorCall, read: Read, shape: Shape, operation: (a: number, b: number) => number): Entries | undefined {
  if (shape === undefined || call.inputs.length !== 2) return undefined;
  return combine(stretched(call, read, 0, shape), stretched(call, read, 1, shape), operation);
}

function unary(opType: string): ((value: number) => number) | undefined {
  switch (opType) {
    case 'Floor':
      return Math.floor;
    case 'Ceil':
      return Math.ceil;
    case 'Neg':
      return (value) => -value;
    case 'Abs':
      return Math.abs;
    case 'Sqrt':
      return Math.sqrt;
    case 'Reciprocal':
      return (value) => 1 / value;
    case 'Not':
      return (value) => (value === 0 ? 1 : 0);
    case 'Round':
      return (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));
    default:
      return undefined;
  }
}

const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a: number, b: number) => a + b],
  ['Sum', (a: number, b: number) => a + b],
  ['Sub', (a: number, b: number) => a - b],
  ['Mul', (a: number, b: number) => a * b],
  ['Min', (a: number, b: number) => Math.min(a, b)],
  ['Max', (a: number, b: number) => Math.max(a, b)],
  ['Pow', (a: number, b: number) => a ** b],
  ['Equal', (a: number, b: number) => Number(a === b)],
  ['Greater', (a: number, b: number) => Number(a > b)],
  ['GreaterOrEqual', (a: number, b: number) => Number(a >= b)],
  ['Less', (a: number, b: number) => Number(a < b)],
  ['LessOrEqual', (a: number, b: number) => Number(a <= b)],
  ['And', (a: number, b: number) => Number(a !== 0 && b !== 0)],
  ['Or', (a: number, b: number) => Number(a !== 0 || b !== 0)],
]);

function binary(opType: string, integer: boolean): ((a: number, b: number) => number) | undefined {
  if (opType === 'Div') return integer ? (a, b) => Math.trunc(a / b) : (a, b) => a / b;
  // The sign follows the divisor, as in Python.
  if (opType === 'Mod') return (a, b) => ((a % b) + b) % b;
  return arithmetic.get(opType);
}

/** Entry by entry; a single one stretches. */
function combine(a: Entries | undefined, b: Entries | undefined, operation: (a: number, b: number) => number): Entries | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.length !== b.length && a.length !== 1 && b.length !== 1) return undefined;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const left = a[a.length === 1 ? 0 : index] ?? null;
    const right = b[b.length === 1 ? 0 : index] ?? null;
    return left === null || right === null ? null : operation(left, right);
  });
}
