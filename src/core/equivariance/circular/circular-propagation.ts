import { t } from '@vscode/l10n';
import { indexGraph } from '../../graph/dataflow';
import type { AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import { periodOf } from '../../graph/period';
import { hasOtherLayout } from '../../graph/sampling';
import type { PlannedInput } from '../plan/measure-plan';
import { followTokens } from '../tokens/token-propagation';
import type { CircularState, SpatialState } from './circular-state';
import { nothingPending } from './circular-window';
import { merge, mixPositions } from './follow-mixing';
import { resize, slice, subsample, upsample } from './follow-resampling';
import { followWindow, pad, pool } from './follow-window';
import { omitted, sizeOf, type CircularPropagation, type GrowingPropagation } from './propagation';

/**
 * Follows the images through the graph under the circular protocol.
 * @param size image size. Undefined for a first pass that only collects periods, where nothing depends on sizes.
 */
export function propagateCircular(
  graph: ModelGraph,
  { images, held }: Pick<PlannedInput, 'images' | 'held'>,
  size: AxisPair | undefined,
): CircularPropagation {
  const propagation: GrowingPropagation = {
    graph,
    flow: indexGraph(graph).flow,
    size,
    states: new Map(),
    circularPadding: new Map(),
    circularResampling: new Map(),
    foldedPads: new Set(),
    wrapped: [],
    readAsMaps: new Map(),
  };
  for (const { tensor } of images)
    propagation.states.set(tensor, { kind: 'spatial', stride: [1, 1], period: [1, 1], pending: nothingPending });
  for (const { tensor } of held) propagation.states.set(tensor, { kind: 'global', period: [1, 1] });
  for (const layer of graph.layers) {
    const state = follow(propagation, layer);
    for (const output of layer.outputs) propagation.states.set(output, stateOf(graph, output, state));
  }
  return propagation;
}

/** A single value beside a map, such as the scale that it is quantized by, has no positions. */
function stateOf(graph: ModelGraph, tensor: string, state: CircularState): CircularState {
  const isSingle = state.kind === 'spatial' && graph.tensors.get(tensor)?.shape?.length === 0;
  return isSingle ? { kind: 'global', period: state.period } : state;
}

/** The state of what a layer gives. */
function follow(propagation: GrowingPropagation, layer: Layer): CircularState {
  const states = layer.inputs.map((tensor) => propagation.states.get(tensor));
  const given = states.filter((state) => state !== undefined);
  if (given.length === 0 || given.length < states.length) {
    return omitted(layer, t('takes no input that follows from the image, so its shifts cannot be followed'));
  }
  const left = given.find((state) => state.kind === 'omitted');
  if (left !== undefined) return left;
  const { operation } = layer;
  if (layer.handsOn === true && given[0] !== undefined) {
    propagation.foldedPads.add(layer.name);
    return given[0];
  }
  if (layer.sealed !== undefined) return omitted(layer, t`cannot be followed: ${layer.sealed}`);
  if (operation.kind === 'opaque') return omitted(layer, t`cannot be followed: ${operation.reason}`);
  const tokens = followTokens(propagation.graph, layer, given, (state) => sizeOf(propagation, state));
  if (tokens !== undefined) return tokens;
  // A layer that does more with tokens than reorder them mixes positions.
  const known = given.map((state): CircularState => (state.kind === 'tokens' ? { kind: 'positional' } : state));
  if (layer.outputs.some((tensor) => hasOtherLayout(propagation.graph, tensor))) return mixPositions(propagation, layer, known);
  const [first = { kind: 'positional' }] = known;
  const step = layer.stepOf === undefined ? undefined : followStep(propagation, layer, first);
  if (step !== undefined) return step;
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
      return onMap(first, (map) => followWindow(propagation, layer, operation.window, map));
    case 'global-pool':
      return onMap(first, (map) => pool(layer, map));
    case 'pad':
      return onMap(first, (map) => pad(propagation, layer, operation, map));
    case 'pointwise':
    case 'channelwise':
    case 'merge':
      return merge(propagation, layer, known);
    case 'positional':
      return mixPositions(propagation, layer, known);
    case 'transposed-convolution':
      return hasMap(first)
        ? onMap(first, (map) => upsample(propagation, layer, operation.window, map))
        : omitted(layer, t('upsamples a value without positions'));
    case 'resize':
      return hasMap(first)
        ? onMap(first, (map) => resize(propagation, layer, operation, map))
        : omitted(layer, t('resizes a value without positions'));
    case 'space-to-depth':
      return onMap(first, (map) => subsample(propagation, layer, [operation.block[0] ?? 1, operation.block[1] ?? 1], map));
    case 'slice':
      return onMap(first, (map) => slice(propagation, layer, [operation.stride[0] ?? 1, operation.stride[1] ?? 1], map));
  }
}

/** Follows a layer that moves over positions; a value without any passes through it as it is. */
function onMap(input: CircularState, follow: (map: SpatialState) => CircularState): CircularState {
  if (input.kind === 'spatial') return follow(input);
  if (input.kind !== 'positional' || input.map === undefined) return input;
  const followed = follow(input.map);
  if (followed.kind === 'spatial') return { kind: 'positional', map: followed };
  return followed.kind === 'global' ? { kind: 'positional' } : followed;
}

/**
 * A layer inside a space-to-depth that is spelt out in several: what flows there is no map yet, but it runs for the phases of the whole,
 * so it gets the period that the whole will have. Inside a border of a map, which wraps instead, layers hand the map on.
 */
function followStep(propagation: GrowingPropagation, { name, stepOf }: Layer, input: CircularState): CircularState | undefined {
  const operation = propagation.flow.layer(stepOf ?? '')?.operation;
  if (operation?.kind === 'pad') {
    return onMap(input, (map) => {
      propagation.foldedPads.add(name);
      return map;
    });
  }
  if (operation?.kind !== 'space-to-depth' || input.kind !== 'spatial') return undefined;
  const stride: AxisPair = [input.stride[0] * (operation.block[0] ?? 1), input.stride[1] * (operation.block[1] ?? 1)];
  return { ...input, period: periodOf(input.period, stride) };
}

function hasMap(state: CircularState): boolean {
  return state.kind === 'spatial' || (state.kind === 'positional' && state.map !== undefined);
}
