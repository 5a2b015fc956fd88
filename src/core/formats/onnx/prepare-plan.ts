import type { Layer, ModelGraph, Window } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import { effectiveKernel, type ExplicitPadding } from '../../graph/window';
import { alignBlur } from '../../rewrite/alignment';
import { blurKernel } from '../../rewrite/filters';
import type { BlurPlan } from '../../rewrite/plan';
import type { BlurSpecification } from './blur-nodes';
import type { ElementTypes } from './element-types';
import { walkToBlur, type NodeWiring } from './node-wiring';
import { elementType } from './schema';

/** The file as plans are checked against it, with the changes of the plans before. */
export interface PlanSite {
  readonly graph: ModelGraph;
  readonly wiring: NodeWiring;
  readonly types: ElementTypes;
  /** True where an earlier plan took this node's stride. */
  isStrideless(node: number): boolean;
  /** True where an earlier plan's blur writes this tensor. */
  isBlurred(tensor: string): boolean;
}

/** A plan that has passed every check. */
export interface PreparedPlan {
  readonly plan: BlurPlan;
  /** Node that loses its stride, and its padding then. */
  readonly strided: number;
  readonly layerPadding: ExplicitPadding;
  /** Node that wrote (or, before a shortcut, reads) the tensor to be blurred. */
  readonly node: number;
  readonly place: 'before' | 'after';
  readonly blur: BlurSpecification;
  /** True where the model leaves the map's size open, so that only the run shows whether it can be reflected. */
  readonly openSize: boolean;
  /** Tensors between the two, which become larger. */
  readonly between: readonly string[];
}

/** Checks a plan against the file; answers with the reason where it cannot be applied. */
export function preparePlan(site: PlanSite, plan: BlurPlan): PreparedPlan | string {
  const layer = site.graph.layers.find((candidate) => candidate.name === plan.layer);
  const strided = site.wiring.nodeOfLayer(plan.layer);
  if (layer === undefined || strided === undefined) return `The model's main graph has no layer "${plan.layer}".`;
  const { operation } = layer;
  if (operation.kind !== 'max-pool' && operation.kind !== 'convolution') {
    return `"${layer.name}" is neither a max-pool nor a convolution; Shiftlint has no rewrite for ${layer.op}.`;
  }
  const { window } = operation;
  if (plan.stride.length !== window.stride.length || plan.stride.some((step, axis) => step !== window.stride[axis])) {
    return `The plan moves another stride than "${layer.name}" has: lint the file again.`;
  }
  if (site.isStrideless(strided)) return `"${layer.name}" is rewritten by another plan already.`;
  if (layer.outputs.length > 1) return `"${layer.name}" has a second output (the places of its maxima), whose meaning would change.`;
  const input = spatialShape(site.graph, layer.inputs[0] ?? '');
  const inputSize = input?.size ?? window.kernel.map(() => null);
  const alignment = alignBlur(window, inputSize, plan.filter.taps.length);
  if (!alignment.ok) return `"${layer.name}" cannot be rewritten: ${alignment.reason}.`;
  const unsupported = droppedSamplesObstacle(layer, window, inputSize) ?? paddingObstacle(layer, window, alignment.layerPadding);
  if (unsupported !== undefined) return unsupported;
  const place = findPlace(site, plan, layer, strided, alignment.layerPadding);
  if (typeof place === 'string') return place;
  const blur = specifyBlur(site, plan, place, {
    padding: alignment.blurPadding,
    mapSize: inputSize.map((length, axis) => denseLength(length, axis, window, place.place === 'after' ? alignment.layerPadding : undefined)),
  });
  if (typeof blur === 'string') return blur;
  return { plan, strided, layerPadding: alignment.layerPadding, ...place, blur, openSize: inputSize.includes(null) };
}

/**
 * Where the stride is 3 or more beyond the kernel, SAME would take samples away instead of adding some. TensorFlow then adds
 * none; ONNX Runtime 1.30 starts one sample late under SAME_UPPER (length 12, stride 4, kernel 1 reads 1, 5, 9).
 */
function droppedSamplesObstacle(layer: Layer, window: Window, inputSize: readonly (number | null)[]): string | undefined {
  if (window.padding.kind !== 'same-upper' && window.padding.kind !== 'same-lower') return undefined;
  const extents = effectiveKernel(window);
  const drops = inputSize.some((length, axis) => {
    const stride = window.stride[axis] ?? 1;
    return length !== null && (Math.ceil(length / stride) - 1) * stride + (extents[axis] ?? 1) - length <= -3;
  });
  return drops ? `"${layer.name}" has a SAME padding below zero, which runtimes read differently: give it explicit pads first.` : undefined;
}

/** ONNX Runtime refuses a max-pool whose padding reaches its undilated kernel. */
function paddingObstacle(layer: Layer, window: Window, padding: ExplicitPadding): string | undefined {
  if (layer.operation.kind !== 'max-pool') return undefined;
  const tooWide = [padding.begin, padding.end].some((side) => side.some((amount, axis) => amount >= (window.kernel[axis] ?? 1)));
  return tooWide ? `"${layer.name}" rounds its size up past its own kernel, which no padding at stride 1 expresses.` : undefined;
}

type Place = Pick<PreparedPlan, 'node' | 'place' | 'between'> & { readonly tensor: string };

function findPlace(site: PlanSite, plan: BlurPlan, layer: Layer, strided: number, padding: ExplicitPadding): Place | string {
  const isPadded = [...padding.begin, ...padding.end].some((amount) => amount !== 0);
  const [input] = layer.inputs;
  // Zero padding of a 1x1 convolution yields the bias beside the map, so there only a blur behind it is exact.
  if (plan.recipe === 'blur-then-convolution' && !isPadded && input !== undefined) {
    return { node: strided, place: 'before', between: [], tensor: input };
  }
  const walk = walkToBlur(site.wiring, strided, plan.blurAfter);
  if (typeof walk === 'string') return `"${layer.name}" cannot be rewritten: ${walk}.`;
  return site.isBlurred(walk.tensor) ? `The output of "${plan.blurAfter}" is blurred by another plan already.` : { ...walk, place: 'after' };
}

function denseLength(length: number | null, axis: number, window: Window, padding: ExplicitPadding | undefined): number | null {
  if (length === null || padding === undefined) return length;
  return length + (padding.begin[axis] ?? 0) + (padding.end[axis] ?? 0) - (effectiveKernel(window)[axis] ?? 1) + 1;
}

function specifyBlur(
  site: PlanSite,
  plan: BlurPlan,
  place: Place,
  map: { readonly padding: ExplicitPadding; readonly mapSize: readonly (number | null)[] },
): BlurSpecification | string {
  const channels = spatialShape(site.graph, place.tensor)?.channels ?? null;
  if (channels === null) return `"${plan.layer}" cannot be rewritten: the number of channels of "${place.tensor}" is not known.`;
  const dataType = site.types.of(place.tensor);
  if (dataType !== elementType.float && dataType !== elementType.float16) {
    return `"${plan.layer}" cannot be rewritten: "${place.tensor}" is not known to hold float32 or float16 values, and a blur needs them.`;
  }
  const name = site.wiring.newName(`${plan.layer}/shiftlint_blur`);
  const inner = `${name}_input`;
  const names = place.place === 'after' ? { input: inner, output: place.tensor } : { input: place.tensor, output: `${name}_output` };
  const reflects = plan.padding === 'reflect' && canReflect(map.mapSize, map.padding);
  return {
    name,
    ...names,
    channels,
    dataType,
    kernel: blurKernel(plan.filter, plan.stride),
    stride: plan.stride,
    padding: map.padding,
    mode: reflects ? 'reflect' : 'zero',
  };
}

/** Reflection needs a map that is longer than the padding, after any cropping. */
function canReflect(size: readonly (number | null)[], padding: ExplicitPadding): boolean {
  return size.every((length, axis) => {
    if (length === null) return true;
    const amounts = [padding.begin[axis] ?? 0, padding.end[axis] ?? 0];
    const cropped = amounts.reduce((rest, amount) => rest + Math.min(amount, 0), length);
    return amounts.every((amount) => amount < cropped);
  });
}
