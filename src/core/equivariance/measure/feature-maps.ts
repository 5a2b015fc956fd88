import { t } from '@vscode/l10n';
import { ModelError } from '../../model-error';
import { labelOf, layerCalled } from '../../graph/layer-labels';
import type { AxisPair, ModelGraph } from '../../graph/model-graph';
import type { TensorBatch } from '../walk/circular-model';
import type { OpenedPlan } from '../walk/opened-plan';
import { equivarianceAt, referenceMap } from './closed-form';
import { featureLength, type FeatureGeometry } from './feature-geometry';
import type { MeasuredLayer, MeasurePlan } from '../plan/measure-plan';
import { requireFinite } from './meaningless';
import type { Metric } from './measurement';
import { outputOnly } from '../plan/output-plan';
import { area, samePair } from '../../graph/period';
import { noShift, samplesBetween, shiftedPhase } from '../walk/phases';
import { measureEquivariance, type PolyphaseOptions } from '../walk/polyphase';
import { rollInto } from '../walk/roll';

/** Consecutive channels of a layer, counted from 0. */
export interface ChannelRange {
  readonly first: number;
  readonly count: number;
}

/** What somebody wants to see. */
export interface FeatureRequest {
  /** `MeasuredLayer.name`. */
  readonly layer: string;
  /** In pixels down and right, in either direction. */
  readonly shift: AxisPair;
  /** The channels to show; fewer are given where they would hold more than `mostValues` numbers. */
  readonly channels: ChannelRange;
}

/** Feature maps of one layer for one image, as it is and shifted. */
export interface FeatureMaps {
  readonly layer: MeasuredLayer;
  /** Place of the layer among those with a heatmap. */
  readonly index: number;
  readonly metric: Metric;
  readonly imageSize: AxisPair;
  /** s in pixels down and right, within the image. */
  readonly shift: AxisPair;
  /** E[s], over all channels of the layer; null where both maps are zero, so that there is no signal to compare. */
  readonly equivariance: number | null;
  /** The channels that the maps hold, of `layer.channels`. */
  readonly channels: ChannelRange;
  /** F(X), `[channels, height, width]`. */
  readonly original: Float32Array;
  /** F(Shift_s X), likewise. */
  readonly shifted: Float32Array;
}

/** Numbers that a map may hold when it leaves the engine: 32 MiB of them. */
export const mostValues = 2 ** 23;

/** A layer whose map is shown. */
export interface MeasuredFeature {
  readonly layer: MeasuredLayer;
  /** Place of the layer among those with a heatmap. */
  readonly index: number;
}

/** The part of a plan that leads to one layer's map. */
export interface FeaturePlan extends MeasuredFeature {
  readonly plan: MeasurePlan;
}

/**
 * Restricts a plan to what a layer's map needs.
 * @throws ModelError `unsupported` where the layer has no map, with the reason
 */
export function planFeatures(plan: MeasurePlan, graph: ModelGraph, name: string): FeaturePlan {
  const index = indexOfLayer(plan, name);
  const layer = plan.layers[index];
  if (layer === undefined) throw new ModelError('unsupported', whyNoMap(plan, graph, name));
  return { plan: outputOnly(plan, graph, { ok: true, tensor: layer.tensor, name }), layer, index };
}

/** A measured layer by its name in results, else by its label, its node or its tensor. */
function indexOfLayer({ layers }: MeasurePlan, wanted: string): number {
  const places = (['name', 'label', 'node', 'tensor'] as const).map((key) => layers.findIndex((layer) => layer[key] === wanted));
  return places.find((place) => place >= 0) ?? -1;
}

/**
 * Runs the image and its shifted copy through the layers that lead to a map.
 *
 * @param opened with the plan of the feature
 * @param input the image, batch 1, in the plan's size and the graph's layout
 * @returns undefined where it was cancelled
 * @throws ModelError `unsupported` where the layer lacks the channels, NotFiniteError
 */
export async function measureFeatures(
  opened: OpenedPlan,
  { layer, index }: MeasuredFeature,
  input: TensorBatch,
  wanted: Omit<FeatureRequest, 'layer'>,
  options: Omit<PolyphaseOptions, 'shifts' | 'onHeatmap' | 'onOutput'>,
): Promise<FeatureMaps | undefined> {
  const { size: imageSize } = opened.plan.input;
  const geometry: FeatureGeometry = { layout: opened.graph.layout, channels: layer.channels, size: layer.size };
  const channels = givenChannels(layer, wanted.channels);
  const shift = shiftedPhase(wanted.shift, imageSize);
  const original = new Float32Array(featureLength(geometry));
  const shifted = new Float32Array(original.length);
  const onOutput = (phase: AxisPair, period: AxisPair, map: Float32Array): void => {
    if (samePair(phase, noShift)) original.set(map);
    // A map repeats with its period: F_s is that of the shift within it, rolled on.
    if (samePair(phase, shiftedPhase(shift, period)))
      rollInto(shifted, 0, map, geometry, samplesBetween(phase, shift, layer.spatialStride));
  };
  const measured = await measureEquivariance(opened, input, { ...options, shifts: [shift], onOutput });
  if (measured === undefined) return undefined;
  for (const map of [original, shifted]) requireFinite(map, input, 'circular');
  const { metric, products } = options;
  const isSilent = [original, shifted].every((map) => map.every((value) => value === 0));
  return {
    layer,
    index,
    metric,
    imageSize,
    shift,
    equivariance: isSilent ? null : equivarianceAt(referenceMap(original, geometry, metric), shifted, shift, layer.spatialStride, products),
    channels,
    original: channelsOf(original, geometry, channels),
    shifted: channelsOf(shifted, geometry, channels),
  };
}

function whyNoMap({ omitted }: MeasurePlan, graph: ModelGraph, name: string): string {
  const called = layerCalled(graph, name);
  const layer = graph.layers.find((candidate) => candidate.name === called);
  if (layer === undefined) return t`The model has no layer "${name}"; measuring it lists those that have a map.`;
  return (
    omitted.find((left) => left.layer === layer.name)?.reason ??
    t`Layer "${labelOf(layer)}" (${layer.op}) has no positions, so there is no map of it.`
  );
}

function givenChannels({ label, channels, size }: MeasuredLayer, { first, count }: ChannelRange): ChannelRange {
  if (first >= channels)
    throw new ModelError('unsupported', t`Layer "${label}" has ${channels} channels, counted from 0, so there is no channel ${first}.`);
  return { first, count: Math.min(count, channels - first, Math.max(1, Math.floor(mostValues / area(size)))) };
}

/** Some channels of a map as `[channels, height, width]`, whatever its layout. */
function channelsOf(map: Float32Array, { layout, channels, size }: FeatureGeometry, { first, count }: ChannelRange): Float32Array {
  const positions = area(size);
  if (layout === 'channels-first') return map.slice(first * positions, (first + count) * positions);
  return Float32Array.from(
    { length: count * positions },
    (_, index) => map[(index % positions) * channels + first + Math.floor(index / positions)] ?? 0,
  );
}
