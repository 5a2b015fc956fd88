import { channelAxis, normalisedAxis, spatialAxes } from '../../../graph/layout';
import type { Shape } from '../../../graph/model-graph';
import { inputShape, intAttribute, intsAttribute, type OperatorCall, type OperatorResult, type OperatorRule } from './call';
import { constantPlacement } from '../../../graph/elementwise';
import { operandsOf } from './pointwise';

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
export const softmax: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const joint = intAttribute(call, 'opset', call.opset) < 13;
  const axis = intAttribute(call, 'axis', joint ? 1 : -1);
  const rank = shape?.length ?? 2;
  const first = axis < 0 ? axis + rank : axis;
  const reaches = (position: number): boolean => (joint ? position >= first : position === first);
  const mixesPositions = spatialAxes(call.layout, rank).some((position) => reaches(position) && shape?.[position] !== 1);
  const within = !mixesPositions && reaches(channelAxis(call.layout, rank));
  return within
    ? { operation: { kind: 'channelwise' }, shapes: [shape] }
    : { operation: { kind: 'positional' }, shapes: [shape], layout: 'channels-first' };
};

/** LayerNormalization and RMSNormalization: all axes from `axis` on, with a scale and bias for each of their values. */
export const layerNormalisation: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = intAttribute(call, 'axis', -1);
  const first = axis < 0 ? axis + (shape?.length ?? 0) : axis;
  return overAxes(call, shape, (position) => position >= first);
};

/** LpNormalization: one axis, the last by default. */
export const lpNormalisation: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const axis = normalisedAxis(intAttribute(call, 'axis', -1), shape?.length ?? 0);
  return overAxes(call, shape, (position) => position === axis);
};

/** MeanVarianceNormalization: batch and positions by default. */
export const meanVarianceNormalisation: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const rank = shape?.length ?? 0;
  const axes = new Set((intsAttribute(call, 'axes') ?? [0, 2, 3]).map((axis) => normalisedAxis(axis, rank)));
  return overAxes(call, shape, (position) => axes.has(position));
};

/** An operator whose channels stand at axis 1: LRN within a position, instance and group normalisation over all of them. */
export const channelNormalisation: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const kind = call.layout === 'channels-first' ? 'channelwise' : 'positional';
  return { operation: { kind }, shapes: [shape], layout: 'channels-first' };
};

/** SkipLayerNormalization of ONNX Runtime: two maps are added and the last axis is normalised. */
export const skipNormalisation: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const kind = call.layout === 'channels-last' ? 'merge' : 'positional';
  return { operation: { kind }, shapes: [shape, undefined, undefined, shape] };
};

/** Operators that keep a map's shape and mix positions in an order of their own: cumulative sums, triangles, attention's rotations. */
export const mixing: OperatorRule = (call) => ({
  operation: { kind: 'positional' },
  shapes: call.node.outputs.map((_, index) => (index === 0 ? inputShape(call, 0) : undefined)),
  layout: 'channels-first',
});
