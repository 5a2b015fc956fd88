import type { Dimension, Shape } from '../../../graph/model-graph';
import { normalisedAxis } from '../../../graph/layout';
import { product } from '../../../graph/shapes';
import type { Constant } from './constant';
import { integerOf } from './node';
import { numbersAt, type OperatorCall, type OperatorInput } from '../operators/call';

/** Longest list of whole numbers that is followed; shapes and axes are far shorter. */
const longest = 64;

/** Operators whose result follows from the shape of their input alone. */
export function readsOnlyShape(op: string): boolean {
  return op === 'Shape' || op === 'Size' || op === 'Rank';
}

/** What a node gives whose inputs are constants or only matter by their shape. @param shape of that output */
export function fold(call: OperatorCall, shape: Shape, output: number): Constant {
  const [first] = call.inputs;
  if (call.node.op === 'Identity' && first?.constant !== undefined) return first.constant;
  const values = output === 0 ? valuesOf(call, shape) : undefined;
  return values === undefined || values.length > longest ? { shape } : { shape: foldedShape(call, shape, values), values };
}

function foldedShape({ node }: OperatorCall, shape: Shape, values: readonly Dimension[]): Shape {
  if (node.op === 'Shape') return [values.length];
  return node.op === 'Size' || node.op === 'Rank' ? [] : shape;
}

function valuesOf(call: OperatorCall, shape: Shape): readonly Dimension[] | undefined {
  const [first] = call.inputs;
  const values = first?.constant?.values;
  switch (call.node.op) {
    case 'Shape':
      return first?.shape;
    case 'Size':
      return first?.shape && [product(first.shape)];
    case 'Rank':
      return first?.shape && [first.shape.length];
    case 'Cast':
    case 'Reshape':
    case 'Squeeze':
    case 'ExpandDims':
    case 'EnsureShape':
    case 'StopGradient':
      return values;
    case 'Pack':
      return joined(call.inputs);
    case 'ConcatV2':
      return joined(call.inputs.slice(0, -1));
    case 'Prod':
      return values && [product(values)];
    case 'StridedSlice':
      return values && taken(call, values);
    case 'GatherV2':
      return values && first.shape?.length === 1 ? numbersAt(call, 1)?.map((index) => values[index] ?? null) : undefined;
    case 'Fill':
      return filled(call, shape);
    default:
      return arithmetic(call);
  }
}

function joined(inputs: readonly OperatorInput[]): readonly Dimension[] | undefined {
  const parts = inputs.map(({ constant }) => constant?.values);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** A slice of a list: of one entry where its axis goes. */
function taken(call: OperatorCall, values: readonly Dimension[]): readonly Dimension[] | undefined {
  const [start, end, step] = [numbersAt(call, 1)?.[0], numbersAt(call, 2)?.[0], numbersAt(call, 3)?.[0] ?? 1];
  const has = (mask: string): boolean => (integerOf(call.node, mask, 0) & 1) === 1;
  if (call.inputs[0]?.shape?.length !== 1 || start === undefined || end === undefined || step !== 1) return undefined;
  const place = (index: number): number => normalisedAxis(index, values.length) ?? (index < 0 ? 0 : values.length);
  if (has('shrink_axis_mask')) return values.slice(place(start), place(start) + 1);
  return values.slice(has('begin_mask') ? 0 : place(start), has('end_mask') ? values.length : place(end));
}

function filled(call: OperatorCall, shape: Shape): readonly Dimension[] | undefined {
  const count = shape === undefined ? (numbersAt(call, 0)?.reduce((total, length) => total * length, 1) ?? null) : product(shape);
  const value = call.inputs[1]?.constant?.values?.[0];
  return count === null || count > longest || value === undefined ? undefined : new Array<Dimension>(count).fill(value);
}

const operations: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Add', (a, b) => a + b],
  ['AddV2', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  ['FloorDiv', (a, b) => Math.floor(a / b)],
  ['FloorMod', (a, b) => a - b * Math.floor(a / b)],
  ['Maximum', Math.max],
  ['Minimum', Math.min],
]);

/** Arithmetic of two lists, or of a list and one number. */
function arithmetic({ node, inputs }: OperatorCall): readonly Dimension[] | undefined {
  const operation = operations.get(node.op);
  const [a, b] = inputs.map(({ constant }) => constant?.values);
  if (operation === undefined || a === undefined || b === undefined || (a.length !== b.length && a.length !== 1 && b.length !== 1))
    return undefined;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const [left = null, right = null] = [a[a.length === 1 ? 0 : index], b[b.length === 1 ? 0 : index]];
    const value = left === null || right === null ? null : operation(left, right);
    return value === null || !Number.isSafeInteger(value) ? null : value;
  });
}
