import { t } from '@vscode/l10n';
import type { AxisPair, Dimension, Layer, Window } from '../../graph/model-graph';
import { periodOf, samePair } from '../../graph/period';
import { spatialShape } from '../../graph/sampling';
import { isPending, type CircularState, type SpatialState } from './circular-state';
import { addPending, circularWindow, nothingPending } from './circular-window';
import { omitted, paddedForNobody, sizeOf, type GrowingPropagation } from './propagation';

/** A convolution or a pool: reads a wrapped map, and its stride makes the map coarser. */
export function followWindow(propagation: GrowingPropagation, layer: Layer, window: Window, input: SpatialState): CircularState {
  const stride: AxisPair = [input.stride[0] * (window.stride[0] ?? 1), input.stride[1] * (window.stride[1] ?? 1)];
  const size = sizeOf(propagation, input);
  const kernel: AxisPair = [window.kernel[0] ?? 1, window.kernel[1] ?? 1];
  const wholeMap = treatsSamplesAlike(layer) && coversWholeMap(propagation, layer, window);
  if (wholeMap && !kernel.every((length, axis) => length === window.stride[axis]))
    return poolWholeMap(propagation, layer, kernel, input, size);
  if (size !== undefined) {
    const circular = circularWindow(window, size, input.pending);
    propagation.circularPadding.set(layer.name, circular.padding);
    if (circular.wrapped) propagation.wrapped.push(layer.name);
  }
  const moving = periodOf(input.period, stride);
  const along = (axis: 0 | 1): number => (standsStill(layer, window, size, axis) ? input.period[axis] : moving[axis]);
  return { kind: 'spatial', stride, period: [along(0), along(1)], pending: nothingPending };
}

/**
 * Along an axis of a single position nothing moves, and a pool of the whole axis sees the same numbers in any order: what comes out
 * repeats with the input's period, however large the stride.
 */
function standsStill(layer: Layer, { kernel, stride, dilation }: Window, size: AxisPair | undefined, axis: 0 | 1): boolean {
  const length = size?.[axis];
  return (
    length === 1 ||
    (treatsSamplesAlike(layer) &&
      length !== undefined &&
      length === kernel[axis] &&
      length === (stride[axis] ?? 1) &&
      (dilation[axis] ?? 1) === 1)
  );
}

/** True for pools, to which the samples of a window are the same in any order. */
function treatsSamplesAlike({ operation }: Layer): boolean {
  return operation.kind === 'average-pool' || (operation.kind === 'max-pool' && operation.addsLearned !== true);
}

/** A pool whose first window is the whole map (it may reach beyond it) is a global pool in all but name. */
function coversWholeMap({ graph }: GrowingPropagation, layer: Layer, window: Window): boolean {
  const before = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? [];
  const after = spatialShape(graph, layer.outputs[0] ?? '')?.size ?? [];
  const covers = (length: Dimension, axis: number): boolean => length !== null && length <= (window.kernel[axis] ?? 1);
  return before.length === 2 && before.every(covers) && after.every((length) => length === 1);
}

function poolWholeMap(
  propagation: GrowingPropagation,
  layer: Layer,
  kernel: AxisPair,
  input: SpatialState,
  size: AxisPair | undefined,
): CircularState {
  if (size !== undefined) {
    if (!samePair(size, kernel)) {
      return omitted(
        layer,
        t`pools its whole map with a window of ${kernel.join(' x ')}, but under the circular protocol the map is ${size.join(' x ')}`,
      );
    }
    propagation.circularPadding.set(layer.name, { begin: [0, 0], end: [0, 0] });
  }
  return pool(layer, input);
}

/** A global pool: without positions left, what comes out repeats as its input did. */
export function pool(layer: Layer, input: SpatialState): CircularState {
  return isPending(input) ? paddedForNobody(layer) : { kind: 'global', period: input.period };
}

/** A Pad layer: its amounts wait for the window layer behind it, which wraps by so much more. */
export function pad(
  propagation: GrowingPropagation,
  layer: Layer,
  amounts: { readonly begin: readonly number[]; readonly end: readonly number[] },
  input: SpatialState,
): CircularState {
  if ([...amounts.begin, ...amounts.end].every((amount) => amount === 0)) return input;
  propagation.foldedPads.add(layer.name);
  return { ...input, pending: addPending(input.pending, amounts.begin, amounts.end) };
}
