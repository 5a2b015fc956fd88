import { axesFrom, flowAlong } from '../../../../graph/axis-flow';
import { constantPlacement } from '../../../../graph/elementwise';
import { channelAxis, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Shape } from '../../../../graph/model-graph';
import { inputShape, intAttribute, intsAttribute, type OperatorCall, type OperatorResult } from '../call';
import type { OnnxOperator } from '../operator';
import { operandsOf } from './elementwise';
import { pointwise } from './pointwise';

/** From this operator set on, Softmax takes one axis. */
const singleAxis = 13;

/** Operators that make values comparable along axes, and others that mix a map's values and keep its shape. */
export const normalisations: readonly OnnxOperator[] = [
  { names: ['BatchNormalization'], infer: pointwise('normalisation'), readsChannelsFirst: true },
  { names: ['InstanceNormalization', 'GroupNormalization', 'LRN'], infer: channelNormalisation },
  { names: ['LayerNormalization'], infer: layerNormalisation, axisFlow: layerFlow },
  { names: ['SimplifiedLayerNormalization', 'RMSNormalization'], infer: layerNormalisation },
  { names: ['LpNormalization'], infer: lpNormalisation },
  { names: ['MeanVarianceNormalization'], infer: meanVarianceNormalisation },
  { names: ['Softmax', 'LogSoftmax'], infer: softmax, axisFlow: softmaxFlow },
  { names: ['Hardmax'], infer: softmax },
  { names: ['RotaryEmbedding', 'Attention'], domains: ['', 'com.microsoft'], infer: mixing },
  { names: ['CumSum', 'CumProd', 'Trilu', 'ReverseSequence'], infer: mixing },
];

/** What stays within a position, or takes all positions together, commutes with shifts; what takes some of them does not. */
function overAxes(call: OperatorCall, shape: Shape, reaches: (axis: number) => boolean): OperatorResult {
  const shapes = call.node.outputs.map((_, index) => (index === 0 ? shape : undefined));
  const positions = spatialAxes(call.layout, shape?.length ?? 2).filter((axis) => shape?.[axis] !== 1);
  const alike = positions.every(reaches) || !positions.some(reaches);
  if (alike && constantPlacement(operandsOf(call), call.layout, shape?.length) !== 'by-position')
    return { operation: { kind: 'channelwise' }, shapes };
  return { operation: { kind: 'positional' }, shapes, layout: 'channels-first' };
}

/**
 * Softmax and its kin. Up to operator set 12 all axes from `axis` on are normalised together, later `axis` alone;
 * only what stays within one position is channelwise.
 */
export function softmax(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const joint = intAttribute(call, 'opset', call.opset) < singleAxis;
  const axis = intAttribute(call, 'axis', joint ? 1 : -1);
  const rank = shape?.length ?? 2;
  const first = axis < 0 ? axis + rank : axis;
  const reaches = (position: number): boolean => (joint ? position >= first : position === first);
  const mixesPositions = spatialAxes(call.layout, rank).some((position) => reaches(position) && shape?.[position] !== 1);
  const within = !mixesPositions && reaches(channelAxis(call.layout, rank));
  return within
    ? { operation: { kind: 'channelwise' }, shapes: [shape] }
    : { operation: { kind: 'positional' }, shapes: [shape], layout: 'channels-first' };
}

/** LayerNormalization and RMSNormalization: all axes from `axis` on, with a scale and bias for each of their values. */
function layerNormalisation(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = intAttribute(call, 'axis', -1);
  const first = axis < 0 ? axis + (shape?.length ?? 0) : axis;
  return overAxes(call, shape, (position) => position >= first);
}

/** LpNormalization: one axis, the last by default. */
function lpNormalisation(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', -1), shape?.length ?? 0);
  return overAxes(call, shape, (position) => position === axis);
}

/** MeanVarianceNormalization: batch and positions by default. */
function meanVarianceNormalisation(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const rank = shape?.length ?? 0;
  const axes = new Set((intsAttribute(call, 'axes') ?? [0, 2, 3]).map((axis) => normalisedAxis(axis, rank)));
  return overAxes(call, shape, (position) => axes.has(position));
}

/** An operator whose channels stand at axis 1: LRN within a position, instance and group normalisation over all of them. */
function channelNormalisation(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const kind = call.layout === 'channels-first' ? 'channelwise' : 'positional';
  return { operation: { kind }, shapes: [shape], layout: 'channels-first' };
}

/** Operators that keep a map's shape and mix positions in an order of their own: cumulative sums, triangles, attention's rotations. */
export function mixing(call: OperatorCall): OperatorResult {
  return {
    operation: { kind: 'positional' },
    shapes: call.node.outputs.map((_, index) => (index === 0 ? inputShape(call, 0) : undefined)),
    layout: 'channels-first',
  };
}

function softmaxFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  const joint = call.opset < singleAxis;
  return flowAlong(intAttribute(call, 'axis', joint ? 1 : -1), rank, (axis) => ({
    kind: 'along',
    axes: joint ? axesFrom(axis, rank) : [axis],
    scaled: false,
  }));
}

function layerFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  return flowAlong(intAttribute(call, 'axis', -1), rank, (axis) => ({ kind: 'along', axes: axesFrom(axis, rank), scaled: true }));
}
