import { t } from '@vscode/l10n';
import { limits } from '../limits';
import { labelOf } from '../graph/layer-labels';
import type { Dimension, Layer, ModelGraph, Window } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';
import { windowOutputSize, type ExplicitPadding } from '../graph/window';
import { alignAverage, alignBlur } from './alignment';
import type { BlurPlace } from './blur-place';
import { walkToBlur } from './blur-walk';
import type { RewritableModel } from './capabilities';
import { blurKernel, centredPadding, kernelSize, type BlurFilter } from './filters';
import { filterForAverage, filterForStride } from './fitting-filter';
import { blurPosition, blurStride, type BlurPlan, type BlurRecipe, type PlanOptions } from './plan';
import { cannot, type Refusal } from './refusal';
import { specifyBlur, tooLarge } from './specify-blur';
import { surplusSamples } from './surplus';
import { paddingByRule, paddingRefusal, windowRefusal } from './window-limits';

/** One call of a layer to plan for. */
export interface PlannedCall {
  readonly model: RewritableModel;
  readonly layer: Layer;
  /** The filter that the user asked for. */
  readonly wanted: BlurFilter;
  readonly options: PlanOptions;
}

/** The plan of one call, without the layer's other calls; or why there is none. */
export type CallPlan = { readonly ok: true; readonly plan: BlurPlan } | Refusal;

/** A window layer that gives its stride, or a part of it, to a blur; or why it cannot. */
export function planWindow(call: PlannedCall, window: Window, wantedPlace: BlurPlace): CallPlan {
  const { model, layer, wanted, options } = call;
  const layerStride = options.splitStride === true ? window.stride.map(splitPart) : window.stride.map(() => 1);
  const stride = blurStride({ stride: window.stride, layerStride });
  const fitting = filterForStride(wanted, stride);
  if (fitting === undefined) return cannot(layer, tooWide(stride));
  const { filter, notes } = fitting;
  const size = inputSize(model.graph, layer, window);
  const ruled = paddingByRule(model.capabilities, window, layerStride, size);
  const alignment = alignBlur(window, size, filter.taps.length, { layerPadding: ruled, layerStride });
  if (!alignment.ok) return cannot(layer, alignment.reason);
  const { layerPadding, blurPadding } = alignment;
  const on = { layer, window, size };
  const refusal = windowRefusal(model.capabilities, on) ?? paddingRefusal(model.capabilities, on, layerPadding);
  if (refusal !== undefined) return refusal;
  if (channelsOf(model.graph, layer.outputs[0]) === null) return cannot(layer, t('the number of its output channels is not known'));
  const dense: Window = { ...window, stride: layerStride, padding: { kind: 'explicit', ...layerPadding }, ceilMode: false };
  const place = exactPlace(wantedPlace, layerPadding);
  return planSite(call, {
    ...place,
    filter,
    notes: [...notes, ...place.notes, ...splitNotes(layer, layerStride)],
    stride: window.stride,
    layerStride,
    window: { stride: layerStride, padding: layerPadding },
    padding: blurPadding,
    surplus: surplusSamples({ window, inputSize: size, taps: filter.taps.length, blurPadding, layerPadding: ruled, layerStride }),
    size: place.recipe === 'blur-then-convolution' ? size : windowOutputSize(dense, size),
  });
}

/** Read on after "because". */
function tooWide(stride: readonly number[]): string {
  return t`no blur is wide enough for its stride of ${stride.join('x')}: subsample in several layers`;
}

/** The part of a stride that a split leaves with the layer: 4 becomes 2 and a blur of 2. Odd strides are not split. */
function splitPart(step: number): number {
  return step >= 4 && step % 2 === 0 ? step / 2 : 1;
}

function splitNotes(layer: Layer, layerStride: readonly number[]): readonly string[] {
  if (layerStride.every((step) => step === 1)) return [];
  return [t`"${labelOf(layer)}" keeps a stride of ${layerStride.join('x')}, which is cheaper but still aliases.`];
}

/** Zero padding of a 1x1 convolution yields the bias beside the map, so there only a blur behind it is exact. */
function exactPlace(place: BlurPlace, { begin, end }: ExplicitPadding): BlurPlace {
  const isPadded = [...begin, ...end].some((amount) => amount !== 0);
  return place.recipe === 'blur-then-convolution' && isPadded ? { ...place, recipe: 'convolution-then-blur' } : place;
}

/** An average-pool that becomes a blur at its own place; or why it cannot. */
export function planAverage(call: PlannedCall, window: Window): CallPlan {
  const { model, layer, wanted } = call;
  if (wanted.name === 'identity') return planOwnBox(call, window);
  const fitting = filterForAverage(wanted, window.kernel, window.stride);
  if (fitting === undefined) {
    return cannot(
      layer,
      t`its windows of ${window.kernel.join('x')} are wider than the widest filter, or even along one axis and odd along the other`,
    );
  }
  const size = inputSize(model.graph, layer, window);
  const alignment = alignAverage(window, size, fitting.filter.taps.length);
  if (!alignment.ok) return cannot(layer, alignment.reason);
  const refusal = windowRefusal(model.capabilities, { layer, window, size });
  if (refusal !== undefined) return refusal;
  if (channelsOf(model.graph, layer.outputs[0]) === null) return cannot(layer, t('the number of its channels is not known'));
  return planSite(call, {
    recipe: 'average-to-blur',
    blurAfter: layer.name,
    ...fitting,
    stride: window.stride,
    layerStride: window.stride.map(() => 1),
    window: undefined,
    padding: alignment.blurPadding,
    size,
    boxes: window.kernel,
  });
}

/**
 * The average-pool written as the filter that it is, which proves that a blur in its place stands where it stood: possible where each
 * of its samples weighs the same ones with the same weights.
 */
function planOwnBox(call: PlannedCall, window: Window): CallPlan {
  const { model, layer, wanted, options } = call;
  const [taps = 1, ...others] = window.kernel.filter((_, axis) => (window.stride[axis] ?? 1) > 1);
  if (others.some((length) => length !== taps))
    return cannot(layer, t`its windows of ${window.kernel.join('x')} are no square, and one filter serves all axes`);
  const size = inputSize(model.graph, layer, window);
  const alignment = alignAverage(window, size, taps);
  if (!alignment.ok) return cannot(layer, alignment.reason);
  const { begin, end } = alignment.blurPadding;
  const staysInside = [...begin, ...end].every((amount) => amount <= 0);
  const { operation } = layer;
  const countsPadding =
    operation.kind === 'average-pool' && operation.countsPadding && window.padding.kind === 'explicit' && !window.ceilMode;
  if (!staysInside && !countsPadding)
    return cannot(layer, t('its windows reach beyond the map, where an average counts fewer samples, so no filter equals it'));
  if (channelsOf(model.graph, layer.outputs[0]) === null) return cannot(layer, t('the number of its channels is not known'));
  const refusal = windowRefusal(model.capabilities, { layer, window, size });
  if (refusal !== undefined) return refusal;
  return planSite(
    { ...call, options: { ...options, padding: 'zero' } },
    {
      recipe: 'average-to-blur',
      blurAfter: layer.name,
      filter: { ...wanted, taps: Array.from({ length: taps }, () => 1 / taps) },
      notes: [],
      stride: window.stride,
      layerStride: window.stride.map(() => 1),
      window: undefined,
      padding: alignment.blurPadding,
      size,
      boxes: window.kernel,
    },
  );
}

/** A layer that only picks samples, which gets a blur in front and stays as it is; or why not. */
export function planSubsample(call: PlannedCall, stride: readonly number[] | undefined): CallPlan {
  const { model, layer, wanted } = call;
  if (stride === undefined) return cannot(layer, t('by how much it shrinks its input is not known'));
  const fitting = filterForStride(wanted, stride);
  if (fitting === undefined) return cannot(layer, tooWide(stride));
  const input = spatialShape(model.graph, layer.inputs[0] ?? '');
  if (input?.channels === undefined || input.channels === null) return cannot(layer, t('the number of its channels is not known'));
  const { before, after } = centredPadding(fitting.filter.taps.length);
  const amounts = (amount: number): readonly number[] => stride.map((step) => (step > 1 ? amount : 0));
  return planSite(call, {
    recipe: 'blur-then-subsample',
    blurAfter: layer.name,
    ...fitting,
    stride,
    layerStride: stride,
    window: undefined,
    padding: { begin: amounts(before), end: amounts(after) },
    size: input.size,
  });
}

/** A blur worked out but for the tensor that it stands on. */
interface PlacedBlur extends Pick<BlurPlan, 'blurAfter' | 'filter' | 'stride' | 'layerStride' | 'window' | 'notes'> {
  readonly recipe: BlurRecipe;
  readonly padding: ExplicitPadding;
  /** Samples that the border takes the place of. */
  readonly surplus?: ExplicitPadding | undefined;
  /** Of the map that is blurred. */
  readonly size: readonly Dimension[];
  /** Samples that are averaged along axes of stride 1. */
  readonly boxes?: readonly number[];
}

/** Finds the tensor that is blurred and completes the plan. */
function planSite({ model, layer, options }: PlannedCall, placed: PlacedBlur): CallPlan {
  const { padding, surplus, size, boxes, notes, ...rest } = placed;
  const isBehind = blurPosition(rest) === 'behind';
  const walk = isBehind ? walkToBlur(model, layer, rest.blurAfter) : { ok: true as const, tensor: layer.inputs[0] ?? '', between: [] };
  if (!walk.ok) return walk;
  const { tensor, between } = walk;
  const kernelStride = rest.recipe === 'blur-then-subsample' ? rest.stride : blurStride(rest);
  const weights = kernelSize(rest.filter, kernelStride, boxes);
  if (weights > limits.blurWeights.most) return tooLarge(layer, weights);
  const specified = specifyBlur(model, {
    layer,
    beside: model.flow.layer(rest.blurAfter) ?? layer,
    tensor,
    kernel: blurKernel(rest.filter, kernelStride, boxes),
    stride: blurStride(rest),
    padding,
    surplus,
    size,
    border: options.padding ?? 'reflect',
  });
  if (!specified.ok) return specified;
  const plan: BlurPlan = {
    ...rest,
    layer: layer.name,
    tensor,
    between,
    blur: specified.blur,
    furtherCalls: [],
    notes: [...notes, ...specified.notes],
  };
  return { ok: true, plan };
}

function inputSize(graph: ModelGraph, layer: Layer, window: Window): readonly Dimension[] {
  return spatialShape(graph, layer.inputs[0] ?? '')?.size ?? window.kernel.map(() => null);
}

function channelsOf(graph: ModelGraph, tensor: string | undefined): Dimension {
  return spatialShape(graph, tensor ?? '')?.channels ?? null;
}
