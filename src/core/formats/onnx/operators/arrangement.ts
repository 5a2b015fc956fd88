import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { entriesOf, numbersOf } from '../constants';
import {
  inputShape,
  intAttribute,
  intsAttribute,
  normalisedAxis,
  opaque,
  type OperatorCall,
  type OperatorResult,
  type OperatorRule,
} from './call';

const positional: Operation = { kind: 'positional' };
const channelwise: Operation = { kind: 'channelwise' };

/** Product of a list of dimensions; null where one is open. */
function product(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce<Dimension>((total, length) => (total === null || length === null ? null : total * length), 1);
}

/** A list given as an attribute in older operator sets and as a constant input in newer ones. */
export function listArgument(call: OperatorCall, name: string, inputIndex: number): readonly number[] | undefined {
  return intsAttribute(call, name) ?? numbersOf(call.inputs[inputIndex]?.constant);
}

/** Reshape: 0 copies a length, -1 takes what is left. */
export const reshape: OperatorRule = (call) => {
  const before = inputShape(call, 0);
  const target = intsAttribute(call, 'shape') ?? entriesOf(call.inputs[1]?.constant);
  if (target === undefined) return { operation: positional, shapes: [undefined] };
  const copiesZero = intAttribute(call, 'allowzero', 0) === 0;
  const copied = target.map((length, axis) => (length === 0 && copiesZero ? (before?.[axis] ?? null) : length));
  const rest = product(copied.filter((length) => length !== -1));
  const total = before === undefined ? null : product(before);
  const after = copied.map((length) => {
    if (length !== -1) return length;
    return total === null || rest === null || rest === 0 ? leftOver(before, copied) : total / rest;
  });
  return { operation: keepsPositions(before, after) ? channelwise : positional, shapes: [after] };
};

/** -1 beside an open batch: where exactly the batch is open on both sides, the other lengths decide. */
function leftOver(before: Shape, copied: readonly Dimension[]): Dimension {
  if (before === undefined || before[0] !== null || copied[0] !== null) return null;
  const total = product(before.slice(1));
  const rest = product(copied.slice(1).filter((length) => length !== -1));
  return total === null || rest === null || rest === 0 ? null : total / rest;
}

/** True where height and width stay as they are, so that only channels are regrouped (half of a channel shuffle). */
function keepsPositions(before: Shape, after: readonly Dimension[]): boolean {
  if (before === undefined || before.length < 4 || after.length < 4) return false;
  const known = before.slice(-2).every((length, index) => length !== null && length > 1 && length === after.at(index - 2));
  return known && before[0] === after[0];
}

/** Flatten to two axes at `axis`. */
export const flatten: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = intAttribute(call, 'axis', 1);
  const split = axis < 0 ? axis + (shape?.length ?? 0) : axis;
  return { operation: positional, shapes: [shape && [product(shape.slice(0, split)), product(shape.slice(split))]] };
};

/** Transpose: `perm`, reversed where it is left out. */
export const transpose: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const given = intsAttribute(call, 'perm');
  const order = given ?? shape?.map((_, axis) => shape.length - 1 - axis) ?? [];
  const last = order.length - 1;
  const keeps = order.length >= 4 && order[0] === 0 && order[last] === last && order[last - 1] === last - 1;
  return { operation: keeps ? channelwise : positional, shapes: [shape && order.map((axis) => shape[axis] ?? null)] };
};

/** Squeeze: the given axes, or all of length 1. */
export const squeeze: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axes = listArgument(call, 'axes', 1);
  const dropped = axes && new Set(axes.map((axis) => normalisedAxis(axis, shape?.length ?? 0)));
  const unknownAxes = axes === undefined && call.inputs[1] !== undefined;
  const after = shape?.filter((length, axis) => (dropped === undefined ? length !== 1 : !dropped.has(axis)));
  return { operation: positional, shapes: [unknownAxes ? undefined : after] };
};

/** Unsqueeze: axes count in the result. */
export const unsqueeze: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axes = listArgument(call, 'axes', 1);
  if (shape === undefined || axes === undefined) return { operation: positional, shapes: [undefined] };
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => normalisedAxis(axis, rank)));
  const rest = [...shape];
  const after = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? null)));
  return { operation: positional, shapes: [after] };
};

/** Concat: channels of maps of one size merge; along other axes positions are joined. */
export const concat: OperatorRule = (call) => {
  const shapes = call.inputs.map((input) => input?.shape);
  const first = shapes.find((shape) => shape !== undefined);
  const axis = normalisedAxis(intAttribute(call, 'axis', 1), first?.length ?? 0);
  if (first === undefined || axis === undefined) return opaque('the shapes of its inputs are not known');
  const lengths = shapes.map((shape) => shape?.[axis] ?? null);
  const total = lengths.reduce<Dimension>((sum, length) => (sum === null || length === null ? null : sum + length), 0);
  const after = first.map((length, index) => (index === axis ? total : (length ?? knownLength(shapes, index))));
  const isData = call.inputs.every((input) => input?.constant === undefined);
  return { operation: axis === 1 && isData ? { kind: 'merge' } : positional, shapes: [after] };
};

function knownLength(shapes: readonly Shape[], axis: number): Dimension {
  return shapes.map((shape) => shape?.[axis] ?? null).find((length) => length !== null) ?? null;
}

/** Split: sizes from the attribute or input, else equal parts (the last one smaller). */
export const split: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || axis === undefined) return opaque('the shape of its input is not known');
  const sizes = listArgument(call, 'split', 1) ?? equalParts(shape[axis] ?? null, call.node.outputs.length);
  const shapes = call.node.outputs.map((_, part) => shape.map((length, index) => (index === axis ? (sizes[part] ?? null) : length)));
  return { operation: axis === 1 ? channelwise : positional, shapes };
};

function equalParts(length: Dimension, parts: number): readonly Dimension[] {
  if (length === null) return [];
  const size = Math.ceil(length / parts);
  return Array.from({ length: parts }, (_, part) => Math.max(Math.min(size, length - part * size), 0));
}

/** Gather: the indices' axes take the place of one axis. */
export const gather: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const indices = inputShape(call, 1);
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape?.length ?? 0);
  if (shape === undefined || indices === undefined || axis === undefined) return { operation: positional, shapes: [undefined] };
  const after = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const choosesChannels = axis === 1 && indices.length === 1 && call.inputs[1]?.constant !== undefined;
  return { operation: choosesChannels ? channelwise : positional, shapes: [after] };
};

/** Gemm: `[m, k] x [k, n]`, either transposed. */
export const gemm: OperatorRule = (call) => {
  const rows = inputShape(call, 0)?.[intAttribute(call, 'transA', 0) === 1 ? 1 : 0] ?? null;
  const columns = inputShape(call, 1)?.[intAttribute(call, 'transB', 0) === 1 ? 0 : 1] ?? null;
  return { operation: positional, shapes: [[rows, columns]] };
};

/** MatMul of matrices or stacks of them. */
export const matMul: OperatorRule = (call) => {
  const a = inputShape(call, 0);
  const b = inputShape(call, 1);
  const known = a !== undefined && b !== undefined && a.length >= 2 && b.length >= 2 && a.length >= b.length;
  return { operation: positional, shapes: [known ? [...a.slice(0, -1), b.at(-1) ?? null] : undefined] };
};

/** A result whose shape another input states: Expand, ConstantOfShape. */
export function shapeFromInput(index: number): OperatorRule {
  return (call): OperatorResult => ({ operation: positional, shapes: [entriesOf(call.inputs[index]?.constant)] });
}
