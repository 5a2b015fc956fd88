import { channelAxis, normalisedAxis, spatialAxes } from '../../../graph/layout';
import type { Layout, Operation } from '../../../graph/model-graph';
import { numbersOf } from '../read/constants';
import { listArgument } from './arrangement';
import { inputShape, intAttribute, opaque, type OperatorRule } from './call';

/** ReduceMean and its kin: over all positions a global pool, over channels alone channelwise. */
export const reduce: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const given = listArgument(call, 'axes', 1);
  if (shape === undefined || (given === undefined && call.inputs[1] !== undefined)) return opaque('the axes it reduces are not known');
  const all = given === undefined || given.length === 0;
  if (all && intAttribute(call, 'noop_with_empty_axes', 0) === 1)
    return { operation: { kind: 'pointwise', role: 'identity' }, shapes: [shape] };
  const reduced = new Set(all ? shape.map((_, axis) => axis) : given.map((axis) => normalisedAxis(axis, shape.length)));
  const keep = intAttribute(call, 'keepdims', 1) === 1;
  const after = shape.flatMap((length, axis) => {
    if (!reduced.has(axis)) return [length];
    return keep ? [1] : [];
  });
  return {
    operation: reduceOperation(call.layout, shape.length, reduced, keep),
    shapes: [after],
    ...(!keep && { layout: 'channels-first' as const }),
  };
};

/** ArgMax and ArgMin reduce the one axis of their attribute. */
export const argument: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  if (shape === undefined) return opaque('the shape of its input is not known');
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape.length);
  const keep = intAttribute(call, 'keepdims', 1) === 1;
  const after = shape.flatMap((length, index) => (index !== axis ? [length] : keep ? [1] : []));
  return {
    operation: reduceOperation(call.layout, shape.length, new Set([axis]), keep),
    shapes: [after],
    ...(!keep && { layout: 'channels-first' as const }),
  };
};

function reduceOperation(layout: Layout, rank: number, reduced: ReadonlySet<number | undefined>, keepsAxes: boolean): Operation {
  const positions = spatialAxes(layout, rank);
  const allSpatial = positions.length > 0 && positions.every((axis) => reduced.has(axis));
  if (allSpatial && reduced.size === positions.length) return { kind: 'global-pool' };
  return reduced.size === 1 && reduced.has(channelAxis(layout, rank)) && keepsAxes ? { kind: 'channelwise' } : { kind: 'positional' };
}

/** TopK: k from the attribute or the input, along one axis; values and places. */
export const topK: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', -1), shape?.length ?? 0);
  const count = call.node.attributes.get('k')?.int ?? numbersOf(call.inputs[1]?.constant)?.[0] ?? null;
  const after = shape?.map((length, index) => (index === axis ? count : length));
  return { operation: { kind: 'positional' }, shapes: [after, after], layout: 'channels-first' };
};
