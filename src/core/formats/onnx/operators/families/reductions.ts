import { t } from '@vscode/l10n';
import { axesFrom, flowAlongAll } from '../../../../graph/axis-flow';
import { channelAxis, normalisedAxes, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Dimension, Layout, Operation } from '../../../../graph/model-graph';
import { reduceArray } from '../arrays';
import { inputShape, intAttribute, listArgument, opaque, type OperatorCall, type OperatorResult } from '../call';
import { numbersOf } from '../constants';
import { arrayAt, heldValues, numbersAt } from '../folded-call';
import type { FoldRule, OnnxOperator } from '../operator';
import { isIntegerType } from '../value-types';
import { elementType } from '../../wire/schema';
import { wholeNumber } from '../result-type';

/** Operators that make one value of many along axes. */
export const reductions: readonly OnnxOperator[] = [
  { names: ['ReduceMean'], infer: reduce, axisFlow: reduceFlow, fold: reduced(mean) },
  { names: ['ReduceSum'], infer: reduce, axisFlow: reduceFlow, fold: reduced(sum, 0) },
  { names: ['ReduceMax'], infer: reduce, axisFlow: reduceFlow, fold: reduced((values) => values.reduce((a, b) => Math.max(a, b))) },
  { names: ['ReduceMin'], infer: reduce, axisFlow: reduceFlow, fold: reduced((values) => values.reduce((a, b) => Math.min(a, b))) },
  { names: ['ReduceProd'], infer: reduce, fold: reduced((values) => values.reduce((a, b) => a * b), 1) },
  { names: ['ReduceL2', 'ReduceSumSquare'], infer: reduce, axisFlow: reduceFlow },
  { names: ['ReduceL1', 'ReduceLogSum', 'ReduceLogSumExp'], infer: reduce },
  { names: ['ArgMax', 'ArgMin'], infer: argument, resultType: wholeNumber },
  { names: ['TopK'], infer: topK, furtherTypes: [elementType.int64] },
];

/** ReduceMean and its kin: over all positions a global pool, over channels alone channelwise. */
export function reduce(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const given = listArgument(call, 'axes', 1);
  if (shape === undefined || (given === undefined && call.inputs[1] !== undefined)) return opaque(t('the axes it reduces are not known'));
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
  if (shape === undefined) return opaque(t('the shape of its input is not known'));
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

/** One value of many along axes. @param ofNone what comes of no values; without one it is not known */
function reduced(operation: (values: readonly number[], type: number) => number, ofNone: number | null = null): FoldRule {
  return (folded) => {
    const { call } = folded;
    const array = arrayAt(folded, 0);
    const given = numbersAt(folded, 'axes', 1);
    if (array === undefined || (given === undefined && call.inputs[1] !== undefined)) return undefined;
    const rank = array.shape.length;
    const axes = given === undefined || given.length === 0 ? axesFrom(0, rank) : normalisedAxes(given, rank);
    if (axes === undefined) return undefined;
    if ((given ?? []).length === 0 && intAttribute(call, 'noop_with_empty_axes', 0) === 1) return array.values;
    const ofGroup = (values: readonly number[]): Dimension => (values.length === 0 ? ofNone : operation(values, folded.type));
    return heldValues(folded, reduceArray(array, new Set(axes), ofGroup));
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of whole numbers it is cut to one. */
function mean(values: readonly number[], type: number): number {
  const exact = sum(values) / values.length;
  return isIntegerType(type) ? Math.trunc(exact) : exact;
}
