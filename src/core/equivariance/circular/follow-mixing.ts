import { t } from '@vscode/l10n';
import type { AxisPair, Dimension, Layer, Operation } from '../../graph/model-graph';
import { area, samePair } from '../../graph/period';
import { hasOtherLayout, spatialShape } from '../../graph/sampling';
import { isPending, jointPeriod, type CircularState, type SpatialState } from './circular-state';
import { nothingPending } from './circular-window';
import { omitted, paddedForNobody, sizeOf, type GrowingPropagation } from './propagation';

/** A layer of several inputs position by position, or of one. */
export function merge(propagation: GrowingPropagation, layer: Layer, states: readonly CircularState[]): CircularState {
  if (states.some((state) => state.kind === 'positional')) return mixPositions(propagation, layer, states);
  const spatial = states.filter((state) => state.kind === 'spatial');
  const period = jointPeriod(states);
  const [first] = spatial;
  if (first === undefined) return { kind: 'global', period };
  const finest: AxisPair = [Math.min(...spatial.map((state) => state.stride[0])), Math.min(...spatial.map((state) => state.stride[1]))];
  const fits = (state: SpatialState, axis: 0 | 1): boolean =>
    state.stride[axis] === finest[axis] || sizeOf(propagation, state)?.[axis] === 1;
  if (propagation.size !== undefined && !spatial.every((state) => fits(state, 0) && fits(state, 1))) {
    return omitted(layer, t('joins maps of different strides, whose positions do not correspond under the circular protocol'));
  }
  if (!spatial.every((state) => samePair(state.pending.begin, first.pending.begin) && samePair(state.pending.end, first.pending.end))) {
    return omitted(layer, t('joins maps that are padded differently, whose positions do not correspond under the circular protocol'));
  }
  return { kind: 'spatial', stride: finest, period, pending: first.pending };
}

/** A layer that computes each of its values from several positions: unless there is but one, no shift repeats another. */
export function mixPositions(propagation: GrowingPropagation, layer: Layer, states: readonly CircularState[]): CircularState {
  for (const [index, state] of states.entries()) {
    if (state.kind !== 'spatial') continue;
    if (isPending(state)) return paddedForNobody(layer);
    const size = sizeOf(propagation, state);
    const declared = spatialShape(propagation.graph, layer.inputs[index] ?? '')?.size ?? [];
    if (size !== undefined && declared.some((length, axis) => length !== null && length !== size[axis])) {
      return omitted(
        layer,
        t`only fits the original map of ${declared.join(' x ')} positions, but under the circular protocol the map has ${size.join(' x ')}`,
      );
    }
  }
  const local = states.every((state) => state.kind === 'global' || (state.kind === 'spatial' && isSinglePosition(propagation, state)));
  if (local) return { kind: 'global', period: jointPeriod(states) };
  const map = positionalMap(propagation, layer, states);
  return map === undefined ? { kind: 'positional' } : { kind: 'positional', map };
}

/** Where the positions of a mixed value lie, if it has any. */
function positionalMap(propagation: GrowingPropagation, layer: Layer, states: readonly CircularState[]): SpatialState | undefined {
  const [tensor = ''] = layer.outputs;
  if (propagation.size === undefined || hasOtherLayout(propagation.graph, tensor) || layer.stepOf !== undefined) return undefined;
  if (layer.operation.kind !== 'positional') {
    const maps = states.filter(({ kind }) => kind !== 'global').map((state) => (state.kind === 'positional' ? state.map : state));
    const [first] = maps;
    const alike = maps.every(
      (map) => map?.kind === 'spatial' && first?.kind === 'spatial' && samePair(map.stride, first.stride) && !isPending(map),
    );
    return alike && first?.kind === 'spatial' ? { ...first, period: propagation.size } : undefined;
  }
  const [height, width, ...others] = spatialShape(propagation.graph, tensor)?.size ?? [];
  const fits = (length: Dimension | undefined, whole: number): length is number => typeof length === 'number' && whole % length === 0;
  if (others.length > 0 || !fits(height, propagation.size[0]) || !fits(width, propagation.size[1]) || !readAsMap(propagation, tensor))
    return undefined;
  return {
    kind: 'spatial',
    stride: [propagation.size[0] / height, propagation.size[1] / width],
    period: propagation.size,
    pending: nothingPending,
  };
}

const slidingKinds: ReadonlySet<Operation['kind']> = new Set([
  'convolution',
  'transposed-convolution',
  'max-pool',
  'average-pool',
  'global-pool',
  'resize',
  'pad',
]);

/**
 * A tensor of four axes need not be a map: attention has heads, tokens and channels. It counts as one where a layer that slides over
 * maps reads it, directly or behind layers that keep positions where they are.
 */
function readAsMap(propagation: GrowingPropagation, tensor: string): boolean {
  const known = propagation.readAsMaps.get(tensor);
  if (known !== undefined) return known;
  const isMap = propagation.flow.readers(tensor).some(({ operation: { kind }, outputs }) => {
    if (slidingKinds.has(kind)) return true;
    return (kind === 'pointwise' || kind === 'merge' || kind === 'channelwise') && outputs.some((output) => readAsMap(propagation, output));
  });
  propagation.readAsMaps.set(tensor, isMap);
  return isMap;
}

function isSinglePosition(propagation: GrowingPropagation, state: SpatialState): boolean {
  const size = sizeOf(propagation, state);
  return size !== undefined && area(size) === 1;
}
