import type { Dimension, Shape } from '../../graph/model-graph';
import { entriesOf, isSmall, numbersOf, type Constant } from './constants';
import { inputShape, intAttribute, type OperatorCall } from './operators/call';
import { listArgument } from './operators/arrangement';
import { elementType } from './schema';
import { elementCount, tensorValues } from './tensor-values';

type Entries = readonly Dimension[];

const integerTypes: ReadonlySet<number> = new Set([elementType.int32, elementType.int64, elementType.int8, elementType.uint8]);

/** True for nodes whose result does not depend on the pixels even if their input does. */
export function readsOnlyShape(opType: string): boolean {
  return opType === 'Shape' || opType === 'Size';
}

/** The constant that a node without run-time inputs computes; its entries only where they are few and known. */
export function foldNode(call: OperatorCall, inferred: Shape): Constant {
  const { node } = call;
  if (node.opType === 'Constant') return constantNode(call);
  const first = call.inputs[0]?.constant;
  const integer = foldsToInteger(call, first);
  if (node.opType === 'ConstantOfShape') {
    const shape = entriesOf(first);
    const entries = fill(call, shape);
    return { shape, integer, ...(entries && { entries }) };
  }
  const entries = fold(call, integer);
  return { shape: inferred, integer, ...(entries && { entries }) };
}

function foldsToInteger(call: OperatorCall, first: Constant | undefined): boolean {
  const { opType } = call.node;
  if (readsOnlyShape(opType)) return true;
  if (opType === 'Cast') return integerTypes.has(intAttribute(call, 'to', 0));
  if (opType === 'ConstantOfShape') return integerTypes.has(call.node.attributes.get('value')?.tensor?.dataType ?? 0);
  return first?.integer ?? false;
}

/** Constant: a tensor, or (operator set 12) numbers in attributes. */
function constantNode({ node }: OperatorCall): Constant {
  const tensor = node.attributes.get('value')?.tensor;
  if (tensor !== undefined) return { shape: tensor.dims, tensor, integer: integerTypes.has(tensor.dataType) };
  for (const [name, integer] of [['value_int', true], ['value_float', false]] as const) {
    const attribute = node.attributes.get(name);
    const value = attribute?.int ?? attribute?.float;
    if (value !== undefined) return { shape: [], entries: [value], integer };
  }
  for (const [name, integer] of [['value_ints', true], ['value_floats', false]] as const) {
    const attribute = node.attributes.get(name);
    const values = integer ? attribute?.ints : attribute?.floats;
    if (values !== undefined) return { shape: [values.length], entries: values, integer };
  }
  return { shape: undefined, integer: false };
}

/** ConstantOfShape: one value, 0 by default, as often as asked; never allocated for a weight's size. */
function fill(call: OperatorCall, shape: Entries | undefined): Entries | undefined {
  if (shape === undefined || !shape.every((length) => length !== null)) return undefined;
  const count = elementCount(shape);
  if (!isSmall(count)) return undefined;
  const tensor = call.node.attributes.get('value')?.tensor;
  const value = tensor === undefined ? 0 : tensorValues(tensor, 1)?.[0];
  return value === undefined ? undefined : new Array<number>(count).fill(value);
}

/** The arithmetic that exporters write around Reshape, Slice and Resize. */
function fold(call: OperatorCall, integer: boolean): Entries | undefined {
  const { opType } = call.node;
  const lists = call.inputs.map((input) => entriesOf(input?.constant));
  const [a, b] = lists;
  switch (opType) {
    case 'Shape':
      return sliceOfShape(call);
    case 'Size':
      return sizeOf(inputShape(call, 0));
    case 'Identity':
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return a;
    case 'Cast':
      return integer ? a?.map((value) => value && Math.trunc(value)) : a;
    case 'Concat':
      return lists.every((list) => list !== undefined) ? withinLimit(lists.flat()) : undefined;
    case 'Gather':
      return gatherEntries(call, a);
    case 'Slice':
      return sliceEntries(call, a);
    case 'Floor':
      return a?.map((value) => value && Math.floor(value));
    case 'Ceil':
      return a?.map((value) => value && Math.ceil(value));
    case 'Neg':
      return a?.map((value) => value && -value);
    case 'ReduceProd':
      return a && [a.reduce<Dimension>((total, value) => (total === null || value === null ? null : total * value), 1)];
    default: {
      const operation = arithmetic(opType, integer);
      return operation && combine(a, b, operation);
    }
  }
}

function withinLimit(entries: Entries): Entries | undefined {
  return isSmall(entries.length) ? entries : undefined;
}

/** Shape with `start` and `end` (operator set 15). */
function sliceOfShape(call: OperatorCall): Entries | undefined {
  const end = call.node.attributes.get('end')?.int;
  return inputShape(call, 0)?.slice(intAttribute(call, 'start', 0), end);
}

function sizeOf(shape: Shape): Entries | undefined {
  return shape && [shape.reduce<Dimension>((total, length) => (total === null || length === null ? null : total * length), 1)];
}

function gatherEntries(call: OperatorCall, list: Entries | undefined): Entries | undefined {
  const indices = numbersOf(call.inputs[1]?.constant);
  if (list === undefined || indices === undefined || inputShape(call, 0)?.length !== 1) return undefined;
  return indices.map((index) => list.at(index) ?? null);
}

function sliceEntries(call: OperatorCall, list: Entries | undefined): Entries | undefined {
  const start = listArgument(call, 'starts', 1)?.[0];
  const end = listArgument(call, 'ends', 2)?.[0];
  const step = numbersOf(call.inputs[4]?.constant)?.[0] ?? 1;
  if (list === undefined || start === undefined || end === undefined || step < 1 || inputShape(call, 0)?.length !== 1) return undefined;
  return list.slice(start, end).filter((_, index) => index % step === 0);
}

type Arithmetic = (a: number, b: number) => number;

function arithmetic(opType: string, integer: boolean): Arithmetic | undefined {
  switch (opType) {
    case 'Add':
      return (a, b) => a + b;
    case 'Sub':
      return (a, b) => a - b;
    case 'Mul':
      return (a, b) => a * b;
    case 'Div':
      return integer ? (a, b) => Math.trunc(a / b) : (a, b) => a / b;
    case 'Min':
      return Math.min;
    case 'Max':
      return Math.max;
    default:
      return undefined;
  }
}

/** Entry by entry; a single one stretches. */
function combine(a: Entries | undefined, b: Entries | undefined, operation: Arithmetic): Entries | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.length !== b.length && a.length !== 1 && b.length !== 1) return undefined;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const left = a[a.length === 1 ? 0 : index] ?? null;
    const right = b[b.length === 1 ? 0 : index] ?? null;
    return left === null || right === null ? null : operation(left, right);
  });
}
