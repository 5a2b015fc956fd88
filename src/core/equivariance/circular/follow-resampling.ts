import { t } from '@vscode/l10n';
import type { AxisPair, Layer, ModelGraph, Window } from '../../graph/model-graph';
import { periodOf } from '../../graph/period';
import { declaredLengths, imageAxes, spatialShape } from '../../graph/sampling';
import { circularResize, circularTransposed } from './circular-resampling';
import { isPending, type CircularState, type SpatialState } from './circular-state';
import { nothingPending } from './circular-window';
import { omitted, paddedForNobody, sizeOf, type GrowingPropagation } from './propagation';

/** A transposed convolution. */
export function upsample(propagation: GrowingPropagation, layer: Layer, window: Window, input: SpatialState): CircularState {
  if (isPending(input)) return paddedForNobody(layer);
  const size = sizeOf(propagation, input);
  if (size !== undefined) propagation.circularResampling.set(layer.name, circularTransposed(window, size));
  const stride: AxisPair = [input.stride[0] / (window.stride[0] ?? 1), input.stride[1] / (window.stride[1] ?? 1)];
  return { kind: 'spatial', stride, period: periodOf(movingPeriod(input), stride), pending: nothingPending };
}

/** A resize by a whole number or one over it. */
export function resize(
  propagation: GrowingPropagation,
  layer: Layer,
  { mode, antialias, alignsCorners }: Extract<Layer['operation'], { kind: 'resize' }>,
  input: SpatialState,
): CircularState {
  if (isPending(input)) return paddedForNobody(layer);
  const factor = declaredFactor(propagation.graph, layer);
  if (factor === undefined) return omitted(layer, t('resizes by a factor that the model file does not tell'));
  if (alignsCorners === true)
    return omitted(layer, t('resizes with aligned corners: its samples lie at fractions of the map that no shift preserves'));
  if (!factor.every((scale) => Number.isInteger(scale) || Number.isInteger(1 / scale))) {
    return omitted(
      layer,
      t`resizes by ${factor.map((scale) => Math.round(scale * 100) / 100).join(' x ')}, which is no whole number, so that its samples do not move with those of its input`,
    );
  }
  const size = sizeOf(propagation, input);
  if (size !== undefined) propagation.circularResampling.set(layer.name, circularResize(mode, antialias === true, factor, size));
  const stride: AxisPair = [input.stride[0] / factor[0], input.stride[1] / factor[1]];
  return { kind: 'spatial', stride, period: periodOf(input.period, stride), pending: nothingPending };
}

/** Output length / input length per axis, as the model declares them. */
function declaredFactor(graph: ModelGraph, layer: Layer): AxisPair | undefined {
  const factors = declaredLengths(graph, layer).map(({ before, after }) => after / before);
  return factors.length !== 2 || factors.some(Number.isNaN) ? undefined : imageAxes(factors);
}

/** A layer that only picks or rearranges samples: nothing reaches over a border, so it runs as it is. */
export function subsample(propagation: GrowingPropagation, layer: Layer, step: AxisPair, input: SpatialState): CircularState {
  if (isPending(input)) return paddedForNobody(layer);
  if (!keepsDeclaredSize(propagation, layer, step, input))
    return omitted(layer, t('names the size of the original map, but the circular protocol changes it'));
  const stride: AxisPair = [input.stride[0] * step[0], input.stride[1] * step[1]];
  return { kind: 'spatial', stride, period: periodOf(movingPeriod(input), stride), pending: nothingPending };
}

/** A slice that takes every n-th sample and leaves none out at an end runs as it is; one that crops does not commute. */
export function slice(propagation: GrowingPropagation, layer: Layer, step: AxisPair, input: SpatialState): CircularState {
  const factor = declaredFactor(propagation.graph, layer);
  const takesAll = factor?.every((scale, axis) => scale * (step[axis] ?? 1) === 1) === true;
  return takesAll
    ? subsample(propagation, layer, step, input)
    : omitted(layer, t('cuts positions out of its input, which does not commute with circular shifts'));
}

function keepsDeclaredSize(propagation: GrowingPropagation, layer: Layer, step: AxisPair, input: SpatialState): boolean {
  const size = sizeOf(propagation, input);
  const declared = spatialShape(propagation.graph, layer.outputs[0] ?? '')?.size ?? [];
  return size === undefined || declared.every((length, axis) => length === null || length * (step[axis] ?? 1) === size[axis]);
}

/**
 * The period of what spreads a map's samples over more positions. A map of a single position repeats with a period that its stride need
 * not divide; spread out, its samples move, and shifts by whole strides count.
 */
function movingPeriod({ period, stride }: SpatialState): AxisPair {
  return periodOf(period, stride);
}
