import { layoutBehind, normalisedAxis } from '../../../graph/layout';
import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { product } from '../../../graph/shapes';
import { flagOf, integersOf } from '../read/node';
import { inputShape, numbersAt, opaque, positional, type OperatorCall, type OperatorRule } from './call';

const channelwise: Operation = { kind: 'channelwise' };
const identity: Operation = { kind: 'pointwise', role: 'identity' };

/** Reshape: -1 takes what is left. */
export const reshape: OperatorRule = (call) => {
  const before = inputShape(call, 0);
  const target = call.inputs[1]?.constant?.values;
  if (target === undefined) return positional(undefined);
  const after = target.map((length, axis) => (length === -1 ? leftOver(before, target, axis) : length));
  if (before?.length === after.length && after.every((length, axis) => length === before[axis]))
    return { operation: identity, shapes: [after] };
  return { operation: keepsPositions(call, before, after) ? channelwise : { kind: 'positional' }, shapes: [after] };
};

/** The length that keeps the count; an open batch on both sides cancels out. */
function leftOver(before: Shape, target: readonly Dimension[], place: number): Dimension {
  if (before === undefined) return null;
  const others = target.filter((_, axis) => axis !== place);
  const opens = before[0] === null && target[0] === null;
  const total = product(opens ? before.slice(1) : before);
  const rest = product(opens ? others.slice(1) : others);
  return total === null || rest === null || rest === 0 ? null : total / rest;
}

/** True where batch, height and width stay as they are, so that only channels are regrouped (half of a channel shuffle). */
function keepsPositions({ layout }: OperatorCall, before: Shape, after: readonly Dimension[]): boolean {
  if (before === undefined || before.length < 4 || after.length < 4 || layout !== 'channels-last') return false;
  return [1, 2].every((axis) => before[axis] !== null && (before[axis] ?? 0) > 1 && before[axis] === after[axis]);
}

/** Transpose: moving the channels behind the positions or back keeps the positions. */
export const transpose: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const order = numbersAt(call, 1);
  if (order === undefined) return positional(shape?.map(() => null));
  const layout = layoutBehind(order, call.layout);
  const shapes = [shape && order.map((axis) => shape[axis] ?? null)];
  return layout === undefined ? { operation: { kind: 'positional' }, shapes } : { operation: channelwise, shapes, layout };
};

/** Squeeze: the given axes, or all of length 1. A single row in front of a sequence moves no position. */
export const squeeze: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  if (shape === undefined) return positional(undefined);
  const given = integersOf(call.node, 'squeeze_dims') ?? integersOf(call.node, 'axis');
  const dropped = given && new Set(given.map((axis) => normalisedAxis(axis, shape.length)));
  const isDropped = (axis: number): boolean => (dropped === undefined ? shape[axis] === 1 : dropped.has(axis));
  const after = shape.filter((_, axis) => !isDropped(axis));
  const keeps = call.layout === 'channels-last' && after.length === shape.length - 1 && after.length >= 3 && isDropped(1);
  return { operation: keeps ? channelwise : { kind: 'positional' }, shapes: [after] };
};

/** ExpandDims: one axis, counted in the result. */
export const expandDims: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(numbersAt(call, 1)?.[0] ?? Number.NaN, (shape?.length ?? 0) + 1);
  if (shape === undefined || axis === undefined) return positional(undefined);
  const after = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  const keeps = call.layout === 'channels-last' && shape.length >= 3 && axis === 1;
  return { operation: keeps ? channelwise : { kind: 'positional' }, shapes: [after] };
};

/** MatMul and BatchMatMul: the last two axes, either of them transposed. */
export const product2d: OperatorRule = (call) => {
  const [a, b] = [inputShape(call, 0), inputShape(call, 1)];
  const isTurned = (name: string, adjoint: string): boolean => flagOf(call.node, name) || flagOf(call.node, adjoint);
  if (a === undefined || b === undefined || a.length < 2) return positional(undefined);
  const rows = a.at(isTurned('transpose_a', 'adj_x') ? -1 : -2) ?? null;
  const columns = b.at(isTurned('transpose_b', 'adj_y') ? -2 : -1) ?? null;
  return positional([...a.slice(0, -2), rows, columns]);
};

/** Reductions over the axes of the second input: over all positions a global pool, over channels alone channelwise. */
export const reduce: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const given = numbersAt(call, 1);
  if (shape === undefined || given === undefined) return opaque('the axes it reduces are not known');
  return reduced(call, shape, new Set(given.map((axis) => normalisedAxis(axis, shape.length))), flagOf(call.node, 'keep_dims'));
};

/** ArgMax and ArgMin reduce one axis. */
export const argument: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = numbersAt(call, 1)?.[0] ?? 0;
  if (shape === undefined) return opaque('the shape of its input is not known');
  return reduced(call, shape, new Set([normalisedAxis(axis, shape.length)]), false);
};

function reduced(
  call: OperatorCall,
  shape: readonly Dimension[],
  axes: ReadonlySet<number | undefined>,
  keeps: boolean,
): ReturnType<OperatorRule> {
  const after = shape.flatMap((length, axis) => (axes.has(axis) ? (keeps ? [1] : []) : [length]));
  const rank = shape.length;
  const channel = call.layout === 'channels-last' ? rank - 1 : 1;
  const positions = shape.map((_, axis) => axis).filter((axis) => axis !== 0 && axis !== channel);
  const overPositions = rank >= 3 && positions.every((axis) => axes.has(axis)) && axes.size === positions.length;
  if (overPositions) return { operation: { kind: 'global-pool' }, shapes: [after] };
  return { operation: axes.size === 1 && axes.has(channel) && keeps && rank >= 3 ? channelwise : { kind: 'positional' }, shapes: [after] };
}

/** Operators whose result has the shape of their first input and positions of its own: cumulative sums, sorting, flips. */
export const mixing: OperatorRule = (call) => positional(inputShape(call, 0));

/** TopKV2: k entries of the last axis; values and places. */
export const topK: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const count = numbersAt(call, 1)?.[0] ?? null;
  const after = shape && [...shape.slice(0, -1), count];
  return positional(after, after);
};
