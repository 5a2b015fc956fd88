import { reshapeFlow } from '../../../../graph/axis-flow';
import { layoutBehind, normalisedAxis } from '../../../../graph/layout';
import type { Dimension, Operation, Shape } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import { integersOf } from '../../read/node';
import { inputShape, numbersAt, positional, valuesAt, type OperatorCall, type OperatorResult } from '../call';
import type { AxisFlowRule, FoldRule, GraphOperator } from '../operator';

const channelwise: Operation = { kind: 'channelwise' };
const identity: Operation = { kind: 'pointwise', role: 'identity' };

const flow: AxisFlowRule = ({ inputs }) => reshapeFlow(inputs);
const sameValues: FoldRule = (call) => valuesAt(call, 0);

/** Operators that give all values of a tensor other axes. */
export const arrangements: readonly GraphOperator[] = [
  { names: ['Reshape'], infer: reshape, axisFlow: flow, fold: sameValues },
  { names: ['Squeeze'], infer: squeeze, axisFlow: flow, fold: sameValues },
  { names: ['ExpandDims'], infer: expandDims, axisFlow: flow, fold: sameValues },
  { names: ['Transpose'], infer: transpose, axisFlow: transposeFlow },
];

/** Reshape: -1 takes what is left. */
function reshape(call: OperatorCall): OperatorResult {
  const before = inputShape(call, 0);
  const target = valuesAt(call, 1);
  if (target === undefined) return positional(undefined);
  const after = target.map((length, axis) => (length === -1 ? leftOver(before, target, axis) : length));
  if (before?.length === after.length && after.every((length, axis) => length === before[axis]))
    return { operation: identity, shapes: [after] };
  return { operation: keepsPositions(call, before, after) ? channelwise : { kind: 'positional' }, shapes: [after] };
}

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
function transpose(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const order = numbersAt(call, 1);
  if (order === undefined) return positional(shape?.map(() => null));
  const layout = layoutBehind(order, call.layout);
  const shapes = [shape && order.map((axis) => shape[axis] ?? null)];
  return layout === undefined ? { operation: { kind: 'positional' }, shapes } : { operation: channelwise, shapes, layout };
}

/** Squeeze: the given axes, or all of length 1. A single row in front of a sequence moves no position. */
function squeeze(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  if (shape === undefined) return positional(undefined);
  const given = integersOf(call.node, 'squeeze_dims') ?? integersOf(call.node, 'axis');
  const dropped = given && new Set(given.map((axis) => normalisedAxis(axis, shape.length)));
  const isDropped = (axis: number): boolean => (dropped === undefined ? shape[axis] === 1 : dropped.has(axis));
  const after = shape.filter((_, axis) => !isDropped(axis));
  const keeps = call.layout === 'channels-last' && after.length === shape.length - 1 && after.length >= 3 && isDropped(1);
  return { operation: keeps ? channelwise : { kind: 'positional' }, shapes: [after] };
}

/** ExpandDims: one axis, counted in the result. */
function expandDims(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(numbersAt(call, 1)?.[0] ?? Number.NaN, (shape?.length ?? 0) + 1);
  if (shape === undefined || axis === undefined) return positional(undefined);
  const after = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  const keeps = call.layout === 'channels-last' && shape.length >= 3 && axis === 1;
  return { operation: keeps ? channelwise : { kind: 'positional' }, shapes: [after] };
}

function transposeFlow(call: OperatorCall): ReturnType<AxisFlowRule> {
  const order = numbersAt(call, 1);
  return order && { kind: 'transpose', order };
}
