import { reshapeFlow } from '../../../../graph/axis-flow';
import { layoutBehind, normalisedAxis } from '../../../../graph/layout';
import type { Dimension, Operation, Shape } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import { permuteArray } from '../arrays';
import { inputShape, intAttribute, intsAttribute, listArgument, type OperatorCall, type OperatorResult } from '../call';
import { entriesOf } from '../constants';
import { arrayAt, sameValues } from '../folded-call';
import type { AxisFlowRule, OnnxOperator } from '../operator';

const positional: Operation = { kind: 'positional' };
const channelwise: Operation = { kind: 'channelwise' };
const identity: Operation = { kind: 'pointwise', role: 'identity' };

const flow: AxisFlowRule = ({ inputs }) => reshapeFlow(inputs);

/** Operators that give all values of a tensor other axes. */
export const arrangements: readonly OnnxOperator[] = [
  { names: ['Reshape'], infer: reshape, axisFlow: flow, fold: sameValues },
  { names: ['Flatten'], infer: flatten, axisFlow: flow, fold: sameValues },
  { names: ['Squeeze'], infer: squeeze, axisFlow: flow, fold: sameValues },
  { names: ['Unsqueeze'], infer: unsqueeze, axisFlow: flow, fold: sameValues },
  {
    names: ['Transpose'],
    infer: transpose,
    axisFlow: (call, rank) => ({ kind: 'transpose', order: orderOf(call, rank) }),
    fold: (folded) => {
      const array = arrayAt(folded, 0);
      return array && permuteArray(array, orderOf(folded.call, array.shape.length));
    },
  },
];

/** Reshape: 0 copies a length, -1 takes what is left. */
function reshape(call: OperatorCall): OperatorResult {
  const before = inputShape(call, 0);
  const target = intsAttribute(call, 'shape') ?? entriesOf(call.inputs[1]?.constant);
  if (target === undefined) return { operation: positional, shapes: [undefined], layout: 'channels-first' };
  const copiesZero = intAttribute(call, 'allowzero', 0) === 0;
  const copied = target.map((length, axis) => (length === 0 && copiesZero ? (before?.[axis] ?? null) : length));
  const rest = product(copied.filter((length) => length !== -1));
  const total = before === undefined ? null : product(before);
  const after = copied.map((length) => {
    if (length !== -1) return length;
    return total === null || rest === null || rest === 0 ? leftOver(before, copied) : total / rest;
  });
  if (before?.length === after.length && after.every((length, axis) => length === before[axis]))
    return { operation: identity, shapes: [after] };
  const keeps = call.layout === 'channels-first' && keepsPositions(before, after);
  return { operation: keeps ? channelwise : positional, shapes: [after], layout: 'channels-first' };
}

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
function flatten(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = intAttribute(call, 'axis', 1);
  const split = axis < 0 ? axis + (shape?.length ?? 0) : axis;
  return {
    operation: positional,
    shapes: [shape && [product(shape.slice(0, split)), product(shape.slice(split))]],
    layout: 'channels-first',
  };
}

/** Transpose: moving the channels behind the positions or back keeps the positions. */
function transpose(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const order = orderOf(call, shape?.length ?? 0);
  const layout = layoutBehind(order, call.layout);
  const shapes = [shape && order.map((axis) => shape[axis] ?? null)];
  return { operation: layout === undefined ? positional : channelwise, shapes, layout: layout ?? 'channels-first', order };
}

/** The axis of the input that stands at each place of the output; the reverse where the node does not say. */
function orderOf(call: OperatorCall, rank: number): readonly number[] {
  return intsAttribute(call, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

/** Squeeze: the given axes, or all of length 1. */
function squeeze(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axes = listArgument(call, 'axes', 1);
  const dropped = axes && new Set(axes.map((axis) => normalisedAxis(axis, shape?.length ?? 0)));
  const unknownAxes = axes === undefined && call.inputs[1] !== undefined;
  if (shape === undefined || unknownAxes) return { operation: positional, shapes: [undefined], layout: 'channels-first' };
  const isDropped = (axis: number): boolean => (dropped === undefined ? shape[axis] === 1 : dropped.has(axis));
  const after = shape.filter((_, axis) => !isDropped(axis));
  const keeps = call.layout === 'channels-first' && after.length === shape.length - 1 && after.length >= 3 && isDropped(2);
  return { operation: keeps ? channelwise : positional, shapes: [after], layout: 'channels-first' };
}

/** Unsqueeze: axes count in the result. A leading spatial axis of length 1 moves no position. */
function unsqueeze(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axes = listArgument(call, 'axes', 1);
  if (shape === undefined || axes === undefined) return { operation: positional, shapes: [undefined], layout: 'channels-first' };
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => normalisedAxis(axis, rank)));
  const rest = [...shape];
  const after = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? null)));
  const keeps = call.layout === 'channels-first' && shape.length >= 3 && added.size === 1 && added.has(2);
  return { operation: keeps ? channelwise : positional, shapes: [after], layout: 'channels-first' };
}
