import { t } from '@vscode/l10n';
import { indexGraph } from '../../graph/dataflow';
import { labelOf, layerLabel, namedLayer } from '../../graph/layer-labels';
import type { AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import { propagateCircular } from '../circular/circular-propagation';
import type { CircularPropagation } from '../circular/propagation';
import { jointPeriod, type CircularState, type SpatialState } from '../circular/circular-state';
import { ancestors } from './ancestors';
import { isVector } from './output-plan';
import { imageInput, inputNotes } from './planned-input';
import { withMapsBefore } from './maps-before';
import type { MeasuredLayer, MeasurePlan, PlannedInput } from './measure-plan';
import type { MeasureLevel } from '../contracts';
import { groupIntoLevels } from './measure-levels';
import { area, mapSize, samePair } from '../../graph/period';
import { latticeSize } from './tail-step';

/** Image side where the model leaves it open and the caller names none. */
const defaultSide = 224;

/**
 * Decides what the polyphase pass does for a model (docs/equivariance.md, sections 3 and 4): image size, circular padding of every window
 * layer, levels of equal period, what is measured and what is left out, with the reason.
 *
 * @param size wanted image size; default is the one the model declares. Rounded to a multiple of the total stride.
 * @throws ModelError `unsupported` where the model does not take exactly one image.
 */
export function planMeasurement(graph: ModelGraph, size?: AxisPair): MeasurePlan {
  const image = imageInput(graph);
  const wanted = size ?? [image.declaredSize[0] ?? defaultSide, image.declaredSize[1] ?? defaultSide];
  const unit = jointPeriod([...propagateCircular(graph, image, undefined).states.values()]);
  const planned: AxisPair = [nearestMultiple(wanted[0], unit[0]), nearestMultiple(wanted[1], unit[1])];
  const propagation = propagateCircular(graph, image, planned);
  const layers = measuredLayers(graph, propagation, planned);
  const output = plannedOutput(graph, propagation, planned);
  const wantedTensors = new Set(layers.map((layer) => layer.tensor));
  if (output.ok) wantedTensors.add(output.tensor);
  const levels = groupIntoLevels({
    graph,
    size: planned,
    states: propagation.states,
    layers: ancestors(graph, wantedTensors).layers,
    wanted: wantedTensors,
  });
  const tail = levels.find(({ step }) => step[0] > 1);
  return {
    input: { ...image, size: planned },
    levels,
    layers: layers.map((layer) => (tail?.fetches.includes(layer.tensor) === true ? { ...layer, step: tail.step } : layer)),
    strides: stridesOf(propagation),
    tokens: tokensOf(propagation),
    circularPadding: propagation.circularPadding,
    circularResampling: propagation.circularResampling,
    foldedPads: propagation.foldedPads,
    output,
    omitted: omittedLayers(graph, propagation),
    notes: [
      ...inputNotes(image),
      ...precisionNotes(graph),
      ...sizeNotes(image.declaredSize, wanted, planned, unit),
      ...(propagation.wrapped.length === 0 ? [] : [wrappedNote(graph, propagation.wrapped)]),
      ...(tail === undefined ? [] : [tailNote(graph, tail, planned)]),
    ],
  };
}

/** The wanted size where the model leaves its own open, axis by axis; undefined where nothing is wanted. */
export function openSize(graph: ModelGraph, wanted: AxisPair | undefined): AxisPair | undefined {
  if (wanted === undefined) return undefined;
  const {
    declaredSize: [height, width],
  } = imageInput(graph);
  return [height ?? wanted[0], width ?? wanted[1]];
}

/** The nearest positive multiple; of two equally near ones the larger. */
function nearestMultiple(length: number, unit: number): number {
  return Math.max(1, Math.floor(length / unit + 0.5)) * unit;
}

function measuredLayers(graph: ModelGraph, { states, foldedPads }: CircularPropagation, size: AxisPair): readonly MeasuredLayer[] {
  const layers = graph.layers.flatMap((layer) => {
    const tensor = layer.outputs[0] ?? '';
    const state = mapState(states.get(tensor));
    if (state === undefined || foldedPads.has(layer.name) || layer.turnsImages === true || isUnscaled(graph, tensor)) return [];
    const channels = spatialShape(graph, tensor)?.channels ?? null;
    return channels === null || movesPositions(graph, layer)
      ? []
      : [measuredLayer(graph, layer, state, channels, mapSize(size, state.stride))];
  });
  return withMapsBefore(graph, layers);
}

function stridesOf({ states }: CircularPropagation): MeasurePlan['strides'] {
  return new Map(
    [...states].flatMap(([tensor, state]) => {
      const map = mapState(state);
      return map === undefined ? [] : [[tensor, map.stride] as const];
    }),
  );
}

function tokensOf({ states }: CircularPropagation): MeasurePlan['tokens'] {
  return new Map(
    [...states].flatMap(([tensor, state]) => {
      if (state.kind !== 'tokens') return [];
      const { stride, axes, size } = state;
      return [[tensor, { stride, axes, size }] as const];
    }),
  );
}

/** The map that a tensor is, whether it repeats or has a value of its own for every shift. */
function mapState(state: CircularState | undefined): SpatialState | undefined {
  if (state?.kind === 'positional') return state.map;
  return state?.kind === 'spatial' ? state : undefined;
}

function measuredLayer(
  graph: ModelGraph,
  layer: Layer,
  state: SpatialState,
  channels: number,
  size: AxisPair,
): Omit<MeasuredLayer, 'before'> {
  const [tensor = ''] = layer.outputs;
  return {
    ...namedLayer(layer),
    name: resultName(graph, layer, tensor),
    op: layer.op,
    channels,
    size,
    spatialStride: state.stride,
    period: state.period,
    step: [1, 1],
  };
}

/** Results are named as each format's users know them: ONNX by the output tensor, tfjs by the layer. */
function resultName(graph: ModelGraph, layer: Layer, tensor: string): string {
  return graph.format === 'onnx' ? tensor : layer.name;
}

/** The first output that is a vector for every shift, or why the first of all is none. */
function plannedOutput(graph: ModelGraph, propagation: CircularPropagation, size: AxisPair): MeasurePlan['output'] {
  const candidates = graph.outputs.map((tensor) => vectorOutput(graph, tensor, propagation, size));
  return candidates.find(({ ok }) => ok) ?? candidates[0] ?? { ok: false, reason: t('The model declares no output.') };
}

function vectorOutput(graph: ModelGraph, tensor: string, { states }: CircularPropagation, size: AxisPair): MeasurePlan['output'] {
  const producer = indexGraph(graph).flow.producer(tensor);
  const state = states.get(tensor);
  if (producer === undefined || state === undefined) {
    return { ok: false, reason: t`The output "${tensor}" is not computed by any layer.` };
  }
  if (state.kind === 'omitted') return { ok: false, reason: state.reason };
  if (state.kind === 'tokens')
    return {
      ok: false,
      reason: t`The output "${tensor}" has values of its own for every position of a map, so it is no vector for the image.`,
    };
  const map = mapState(state);
  if (map !== undefined && !samePair(map.stride, size)) {
    return { ok: false, reason: t`The output "${tensor}" is a feature map; its heatmap is listed among the layers.` };
  }
  if (!isVector(graph, tensor))
    return {
      ok: false,
      reason: t`The output "${tensor}" of shape [${
        graph.tensors
          .get(tensor)
          ?.shape?.map((length) => length ?? '?')
          .join(', ') ?? ''
      }] is no vector of class scores.`,
    };
  return { ok: true, tensor, name: resultName(graph, producer, tensor) };
}

function omittedLayers(graph: ModelGraph, { states, foldedPads }: CircularPropagation): MeasurePlan['omitted'] {
  return graph.layers.flatMap((layer) => {
    const state = states.get(layer.outputs[0] ?? '');
    const reason = state?.kind === 'omitted' ? state.reason : foldedPads.has(layer.name) ? undefined : whyNoMap(graph, layer, state);
    return reason === undefined ? [] : [{ ...namedLayer(layer), reason }];
  });
}

/** Why a layer that the pass runs has no heatmap; undefined where it has one, and where it gives no map. */
function whyNoMap(graph: ModelGraph, layer: Layer, state: CircularState | undefined): string | undefined {
  const tensor = layer.outputs[0] ?? '';
  if (mapState(state) === undefined || layer.turnsImages === true) return undefined;
  const label = labelOf(layer);
  if (isUnscaled(graph, tensor))
    return t`Layer "${label}" (${layer.op}) gives whole numbers whose scale is not known before the model runs, so it is not measured itself.`;
  if (movesPositions(graph, layer))
    return t`Layer "${label}" (${layer.op}) is a step of a rearrangement and holds no map, so it is not measured.`;
  if ((spatialShape(graph, tensor)?.channels ?? null) !== null) return undefined;
  return t`The shape of "${tensor}" could not be inferred from the model file, so layer "${label}" is not measured.`;
}

/** Whole numbers that stand for no values yet cannot be compared; what the model gives as its result is. */
function isUnscaled(graph: ModelGraph, tensor: string): boolean {
  return graph.tensors.get(tensor)?.wholeNumbers === 'raw' && !graph.outputs.includes(tensor);
}

/** True for the inner steps of a shuffle or a group normalisation, whose outputs have not the axes of a map. */
function movesPositions(graph: ModelGraph, layer: Layer): boolean {
  if (layer.stepOf !== undefined) return true;
  const size = spatialShape(graph, layer.outputs[0] ?? '')?.size;
  return layer.operation.kind === 'channelwise' && size !== undefined && size.length !== 2;
}

function sizeNotes(declared: PlannedInput['declaredSize'], wanted: AxisPair, planned: AxisPair, unit: AxisPair): readonly string[] {
  const notes: string[] = [];
  if (declared.includes(null)) notes.push(t`The model leaves its image size open; it is measured at ${wanted.join(' x ')} pixels.`);
  if (!samePair(wanted, planned)) {
    notes.push(
      t`The image is resized from ${wanted.join(' x ')} to ${planned.join(' x ')} pixels, the nearest multiple of the network's total stride ${unit[0] === unit[1] ? unit[0] : unit.join(' x ')}, so that circular shifts are exact.`,
    );
  }
  return notes;
}

function precisionNotes({ tensors }: ModelGraph): readonly string[] {
  const isLowered = [...tensors.values()].some(({ elementType }) => elementType === 'bfloat16');
  return isLowered
    ? [t('Its bfloat16 values are computed as float32, since the runtime has no kernels for them: nothing is rounded between layers.')]
    : [];
}

function wrappedNote(graph: ModelGraph, layers: readonly string[]): string {
  const named = layers.map((layer) => `"${layerLabel(graph, layer)}"`).join(', ');
  return layers.length === 1
    ? t`VALID, wrapped: ${named}. The circular protocol gives this layer input length / stride samples; the missing ones are supplied by wrapping at the end.`
    : t`VALID, wrapped: ${named}. The circular protocol gives these layers input length / stride samples; the missing ones are supplied by wrapping at the end.`;
}

function tailNote(graph: ModelGraph, { layers: [first = ''], step }: MeasureLevel, size: AxisPair): string {
  return t`Layers from "${layerLabel(graph, first)}" on have a value of their own for each of the ${area(size)} shifts of the image; they are run for ${area(latticeSize(size, step))} of them, every ${step[0]} pixels.`;
}
