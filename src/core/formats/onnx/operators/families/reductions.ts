import { flowAlongAll } from '../../../../graph/axis-flow';
import { channelAxis, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Layout, Operation } from '../../../../graph/model-graph';
import { inputShape, intAttribute, listArgument, opaque, type OperatorCall, type OperatorResult } from '../call';
import { numbersOf } from '../constants';
import { numbersAt, valuesAt } from '../folded-call';
import type { FoldRule, OnnxOperator } from '../operator';

/** Operators that make one value of many along axes. */
export const reductions: readonly OnnxOperator[] = [
  { names: ['ReduceMean'], infer: reduce, axisFlow: reduceFlow, fold: whole((values) => sum(values) / values.length) },
  { names: ['ReduceSum'], infer: reduce, axisFlow: reduceFlow, fold: whole(sum) },
  { names: ['ReduceMax'], infer: reduce, axisFlow: reduceFlow, fold: whole((values) => values.reduce((a, b) => Math.max(a, b))) },
  { names: ['ReduceMin'], infer: reduce, axisFlow: reduceFlow, fold: whole((values) => values.reduce((a, b) => Math.min(a, b))) },
  { names: ['ReduceProd'], infer: reduce, fold: whole((values) => values.reduce((a, b) => a * b)) },
  { names: ['ReduceL2', 'ReduceSumSquare'], infer: reduce, axisFlow: reduceFlow },
  { names: ['ReduceL1', 'ReduceLogSum', 'ReduceLogSumExp'], infer: reduce },
  { names: ['ArgMax', 'ArgMin'], infer: argument },
  { names: ['TopK'], infer: topK },
];

/** ReduceMean and its kin: over all positions a global pool, over channels alone channelwise. */
export function reduce(call: OperatorCall): OperatorResult {
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
}

/** ArgMax and ArgMin reduce the one axis of their attribute. */
function argument(call: OperatorCall): OperatorResult {
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
}

function reduceOperation(layout: Layout, rank: number, reduced: ReadonlySet<number | undefined>, keepsAxes: boolean): Operation {
  const positions = spatialAxes(layout, rank);
  const allSpatial = positions.length > 0 && positions.every((axis) => reduced.has(axis));
  if (allSpatial && reduced.size === positions.length) return { kind: 'global-pool' };
  return reduced.size === 1 && reduced.has(channelAxis(layout, rank)) && keepsAxes ? { kind: 'channelwise' } : { kind: 'positional' };
}

/** TopK: k from the attribute or the input, along one axis; values and places. */
function topK(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', -1), shape?.length ?? 0);
  const count = call.node.attributes.get('k')?.int ?? numbersOf(call.inputs[1]?.constant)?.[0] ?? null;
  const after = shape?.map((length, index) => (index === axis ? count : length));
  return { operation: { kind: 'positional' }, shapes: [after, after], layout: 'channels-first' };
}

function reduceFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  const keepsAxes = intAttribute(call, 'keepdims', 1) === 1;
  return flowAlongAll(listArgument(call, 'axes', 1), rank, (axes) => ({ kind: 'reduce', axes, keepsAxes }));
}

/** A reduction of all values to one; of others the values are not followed. */
function whole(operation: (values: readonly number[]) => number): FoldRule {
  return (folded) => {
    const { call, shape } = folded;
    const values = valuesAt(folded, 0);
    const isWhole =
      shape?.every((length) => length === 1) === true || (numbersAt(folded, 'axes', 1) === undefined && call.inputs[1] === undefined);
    if (values === undefined || values.length === 0 || !isWhole) return undefined;
    return values.every((value) => value !== null) ? [operation(values)] : [null];
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
