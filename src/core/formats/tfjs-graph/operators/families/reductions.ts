import { t } from '@vscode/l10n';
import { flowAlongAll } from '../../../../graph/axis-flow';
import { normalisedAxis } from '../../../../graph/layout';
import type { Dimension } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import { flagOf } from '../../read/node';
import { inputShape, numbersAt, opaque, positional, valuesAt, type OperatorCall, type OperatorResult } from '../call';
import type { AxisFlowRule, FoldRule, GraphOperator } from '../operator';

const flow: AxisFlowRule = (call, rank) =>
  flowAlongAll(numbersAt(call, 1), rank, (axes) => ({ kind: 'reduce', axes, keepsAxes: keepsAxes(call) }));

/** Operators that make one value of many along axes. */
export const reductions: readonly GraphOperator[] = [
  { names: ['Mean'], infer: reduce, axisFlow: flow },
  { names: ['Sum'], infer: reduce, axisFlow: flow, fold: ofAll((values) => values.reduce((sum, value) => sum + value, 0)) },
  { names: ['Max'], infer: reduce, axisFlow: flow, fold: ofAll((values) => Math.max(...values)) },
  { names: ['Min'], infer: reduce, axisFlow: flow, fold: ofAll((values) => Math.min(...values)) },
  { names: ['Prod'], infer: reduce, fold: productOfAll },
  { names: ['All', 'Any', 'EuclideanNorm'], infer: reduce },
  { names: ['ArgMax', 'ArgMin'], infer: argument },
  { names: ['TopKV2'], infer: topK },
];

/** Reductions over the axes of the second input: over all positions a global pool, over channels alone channelwise. */
function reduce(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const given = numbersAt(call, 1);
  if (shape === undefined || given === undefined) return opaque(t('the axes it reduces are not known'));
  return reduced(call, shape, new Set(given.map((axis) => normalisedAxis(axis, shape.length))), keepsAxes(call));
}

/** ArgMax and ArgMin reduce one axis. */
function argument(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = numbersAt(call, 1)?.[0] ?? 0;
  if (shape === undefined) return opaque(t('the shape of its input is not known'));
  return reduced(call, shape, new Set([normalisedAxis(axis, shape.length)]), false);
}

function reduced(call: OperatorCall, shape: readonly Dimension[], axes: ReadonlySet<number | undefined>, keeps: boolean): OperatorResult {
  const after = shape.flatMap((length, axis) => (axes.has(axis) ? (keeps ? [1] : []) : [length]));
  const rank = shape.length;
  const channel = call.layout === 'channels-last' ? rank - 1 : 1;
  const positions = shape.map((_, axis) => axis).filter((axis) => axis !== 0 && axis !== channel);
  const overPositions = rank >= 3 && positions.every((axis) => axes.has(axis)) && axes.size === positions.length;
  if (overPositions) return { operation: { kind: 'global-pool' }, shapes: [after] };
  const withinPositions = axes.size === 1 && axes.has(channel) && keeps && rank >= 3;
  return { operation: { kind: withinPositions ? 'channelwise' : 'positional' }, shapes: [after] };
}

/** TopKV2: k entries of the last axis; values and places. */
function topK(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const count = numbersAt(call, 1)?.[0] ?? null;
  const after = shape && [...shape.slice(0, -1), count];
  return positional(after, after);
}

function keepsAxes({ node }: OperatorCall): boolean {
  return flagOf(node, 'keep_dims');
}

/** What is known of a list that is made one value. */
function ofAll(operation: (values: readonly number[]) => number): FoldRule {
  return (call) => {
    const values = numbersAt(call, 0);
    return values === undefined || values.length === 0 || inputShape(call, 0)?.length !== 1 ? undefined : [operation(values)];
  };
}

function productOfAll(call: OperatorCall): ReturnType<FoldRule> {
  const values = valuesAt(call, 0);
  return values && [product(values)];
}
