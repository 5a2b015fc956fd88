import type { AxisPair, Dimension, Layer, Layout, ModelGraph } from '../../graph/model-graph';
import { hasOtherLayout, spatialShape } from '../../graph/sampling';
import { isPending, jointPeriod, type CircularState, type SpatialState, type TokensState } from '../circular/circular-state';
import { nothingPending } from '../circular/circular-window';
import { samePair } from '../../graph/period';
import { followLabels, still, type LabelledAxes, type TokenAxis } from './token-axes';

/**
 * Follows a layer that leaves the axes of maps, or works on what has left them: what it does with every axis tells whether
 * shifts still only reorder positions.
 *
 * @param states of the layer's inputs
 * @param sizeOf height and width of a map; undefined where sizes are not known yet
 * @returns undefined for every other layer, and where nobody can tell
 */
export function followTokens(
  graph: ModelGraph,
  layer: Layer,
  states: readonly CircularState[],
  sizeOf: (map: SpatialState) => AxisPair | undefined,
): CircularState | undefined {
  const {
    axisFlow,
    operation,
    stepOf,
    inputs,
    outputs: [output = ''],
  } = layer;
  const leavesMaps = operation.kind === 'positional' || states.some(({ kind }) => kind === 'tokens') || hasOtherLayout(graph, output);
  if (axisFlow === undefined || !leavesMaps || stepOf !== undefined || graph.ofSignals === true) return undefined;
  const moving = inputs.flatMap((tensor, index) => {
    const state = states[index];
    return state?.kind === 'spatial' || state?.kind === 'tokens' ? [{ state, map: declaredMap(graph, tensor, state) }] : [];
  });
  const [first] = moving;
  const shape = graph.tensors.get(output)?.shape;
  const axes = inputs.flatMap((tensor, index) => labelledAxes(graph, tensor, states[index], sizeOf) ?? []);
  if (first?.map === undefined || shape === undefined || axes.length < inputs.length) return undefined;
  const {
    state: { stride },
    map: size,
  } = first;
  if (!moving.every(({ state, map }) => samePair(state.stride, stride) && map !== undefined && samePair(map, size))) return undefined;
  const labels = followLabels(axisFlow, axes, shape, size);
  if (labels === undefined) return undefined;
  const period = jointPeriod(states);
  if (labels.every((label) => label === 'free')) return { kind: 'global', period };
  if (isMapAgain(graph, output, labels, shape, size)) return { kind: 'spatial', stride, period, pending: nothingPending };
  return { kind: 'tokens', stride, period, size, axes: labels };
}

/** Undefined where the shape is not the declared one under the circular protocol, or nobody knows how it moves. */
function labelledAxes(
  graph: ModelGraph,
  tensor: string,
  state: CircularState | undefined,
  sizeOf: (map: SpatialState) => AxisPair | undefined,
): LabelledAxes | undefined {
  const shape = graph.tensors.get(tensor)?.shape;
  if (shape === undefined || !shape.slice(1).every((length) => length !== null)) return undefined;
  switch (state?.kind) {
    case 'tokens':
      return { labels: state.axes, shape };
    case 'global':
      return { labels: shape.map(() => 'free'), shape };
    case 'spatial': {
      const size = sizeOf(state);
      const declared = spatialShape(graph, tensor)?.size ?? [];
      if (isPending(state) || shape.length !== 4 || (size !== undefined && declared.some((length, axis) => length !== size[axis])))
        return undefined;
      return { labels: still(mapLabels(graph.tensors.get(tensor)?.layout ?? graph.layout), shape), shape };
    }
    default:
      return undefined;
  }
}

function mapLabels(layout: Layout): readonly TokenAxis[] {
  return layout === 'channels-first' ? ['free', 'free', 'rows', 'columns'] : ['free', 'rows', 'columns', 'free'];
}

/** Height and width of the map whose positions a tensor has, as the model declares them. */
function declaredMap(graph: ModelGraph, tensor: string, state: SpatialState | TokensState): AxisPair | undefined {
  if (state.kind === 'tokens') return state.size;
  const [height, width] = spatialShape(graph, tensor)?.size ?? [];
  return typeof height === 'number' && typeof width === 'number' ? [height, width] : undefined;
}

function isMapAgain(graph: ModelGraph, tensor: string, labels: readonly TokenAxis[], shape: readonly Dimension[], map: AxisPair): boolean {
  const [height, width, ...others] = spatialShape(graph, tensor)?.size ?? [];
  if (shape.length !== 4 || others.length > 0 || height !== map[0] || width !== map[1] || hasOtherLayout(graph, tensor)) return false;
  return still(mapLabels(graph.layout), shape).join() === labels.join();
}
