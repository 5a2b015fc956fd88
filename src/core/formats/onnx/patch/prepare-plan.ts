import type { Dataflow } from '../../../graph/dataflow';
import type { Layer, ModelGraph, Window } from '../../../graph/model-graph';
import { spatialShape } from '../../../graph/sampling';
import { effectiveKernel, windowOutputSize, type ExplicitPadding } from '../../../graph/window';
import { alignAverage, alignBlur, type Alignment } from '../../../rewrite/alignment';
import { chooseBorder } from '../../../rewrite/border';
import { blurKernel, centredPadding } from '../../../rewrite/filters';
import { blurStride, type BlurPlan } from '../../../rewrite/plan';
import type { BlurSpecification } from './blur-nodes';
import type { ElementTypes } from '../read/element-types';
import { walkToBlur } from '../../../rewrite/blur-walk';
import type { NodeWiring } from './node-wiring';
import { elementType } from '../wire/schema';

/** The file as plans are checked against it, with the changes of the plans before. */
export interface PlanSite {
  readonly graph: ModelGraph;
  readonly flow: Dataflow;
  readonly wiring: NodeWiring;
  readonly types: ElementTypes;
  /** True where an earlier plan changed this node. */
  isChanged(node: number): boolean;
  /** True where an earlier plan's blur writes this tensor. */
  isBlurred(tensor: string): boolean;
}

/** Where a blur goes among the nodes. */
interface Place {
  /** Behind `node`, which then writes another tensor; before it; or in its place. */
  readonly place: 'after' | 'before' | 'instead';
  readonly node: number;
  /** Tensor that is blurred, by its present name. */
  readonly tensor: string;
  /** Tensors on the way from the strided node, which become larger. */
  readonly between: readonly string[];
}

/** A plan that has passed every check. */
export interface PreparedPlan extends Omit<Place, 'tensor'> {
  readonly plan: BlurPlan;
  /** Node that downsamples today. */
  readonly strided: number;
  /** Its attributes from now on; undefined where it keeps them or goes. */
  readonly window: { readonly stride: readonly number[]; readonly padding: ExplicitPadding } | undefined;
  readonly blur: BlurSpecification;
  /** True where the model leaves the map's size open, so that only the run shows whether it can be reflected. */
  readonly openSize: boolean;
}

/** Checks a plan against the file; answers with the reason where it cannot be applied. */
export function preparePlan(site: PlanSite, plan: BlurPlan): PreparedPlan | string {
  const layer = site.graph.layers.find((candidate) => candidate.name === plan.layer);
  const strided = site.wiring.nodeOfLayer(plan.layer);
  if (layer === undefined || strided === undefined) return `The model's main graph has no layer "${plan.layer}".`;
  if (site.isChanged(strided)) return `"${layer.name}" is rewritten by another plan already.`;
  if (layer.outputs.length > 1) return `"${layer.name}" has a second output (the places of its maxima), whose meaning would change.`;
  if (plan.recipe === 'blur-then-subsample') return prepareSubsample(site, plan, layer, strided);
  const { operation } = layer;
  if (!('window' in operation)) return `"${layer.name}" is a ${layer.op}, for which Shiftlint has no rewrite.`;
  const { window } = operation;
  if (plan.stride.length !== window.stride.length || plan.stride.some((step, axis) => step !== window.stride[axis])) {
    return `The plan moves another stride than "${layer.name}" has: lint the file again.`;
  }
  return plan.recipe === 'average-to-blur'
    ? prepareAverage(site, plan, layer, window, strided)
    : prepareWindow(site, plan, layer, window, strided);
}

/** The window loses its stride, or a part of it, and a blur takes it over. */
function prepareWindow(site: PlanSite, plan: BlurPlan, layer: Layer, window: Window, strided: number): PreparedPlan | string {
  const size = inputSize(site, layer, window);
  const alignment = alignBlur(window, size, plan.filter.taps.length, { layerStride: plan.layerStride });
  if (!alignment.ok) return cannot(layer, alignment.reason);
  const unsupported = droppedSamplesObstacle(layer, window, size) ?? paddingObstacle(layer, window, alignment.layerPadding);
  if (unsupported !== undefined) return unsupported;
  const place = findPlace(site, plan, layer, strided, alignment.layerPadding);
  if (typeof place === 'string') return place;
  const dense: Window = { ...window, stride: plan.layerStride, padding: { kind: 'explicit', ...alignment.layerPadding } };
  const mapSize = place.place === 'after' ? windowOutputSize({ ...dense, ceilMode: false }, size) : size;
  const blur = specifyBlur(site, plan, place, { padding: alignment.blurPadding, mapSize });
  if (typeof blur === 'string') return blur;
  const padding = alignment.layerPadding;
  return { plan, strided, window: { stride: plan.layerStride, padding }, ...place, blur, openSize: size.includes(null) };
}

/** The average-pool goes, a blur stands in its place. */
function prepareAverage(site: PlanSite, plan: BlurPlan, layer: Layer, window: Window, strided: number): PreparedPlan | string {
  const size = inputSize(site, layer, window);
  const alignment: Alignment = alignAverage(window, size, plan.filter.taps.length);
  if (!alignment.ok) return cannot(layer, alignment.reason);
  const obstacle = droppedSamplesObstacle(layer, window, size);
  if (obstacle !== undefined) return obstacle;
  const [tensor = ''] = layer.inputs;
  const place: Place = { place: 'instead', node: strided, tensor, between: [] };
  const blur = specifyBlur(site, plan, place, { padding: alignment.blurPadding, mapSize: size }, window.kernel);
  return typeof blur === 'string' ? blur : { plan, strided, window: undefined, ...place, blur, openSize: size.includes(null) };
}

/** The layer stays as it is and reads a blurred map. */
function prepareSubsample(site: PlanSite, plan: BlurPlan, layer: Layer, strided: number): PreparedPlan | string {
  const [tensor = ''] = layer.inputs;
  const size = spatialShape(site.graph, tensor)?.size ?? plan.stride.map(() => null);
  const { before, after } = centredPadding(plan.filter.taps.length);
  const amounts = (amount: number): readonly number[] => plan.stride.map((step) => (step > 1 ? amount : 0));
  const place: Place = { place: 'before', node: strided, tensor, between: [] };
  const blur = specifyBlur(site, plan, place, { padding: { begin: amounts(before), end: amounts(after) }, mapSize: size });
  return typeof blur === 'string' ? blur : { plan, strided, window: undefined, ...place, blur, openSize: size.includes(null) };
}

function inputSize(site: PlanSite, layer: Layer, window: Window): readonly (number | null)[] {
  return spatialShape(site.graph, layer.inputs[0] ?? '')?.size ?? window.kernel.map(() => null);
}

/**
 * Where the stride is 3 or more beyond the kernel, SAME would take samples away instead of adding some. TensorFlow then adds
 * none; ONNX Runtime 1.30 starts one sample late under SAME_UPPER (length 12, stride 4, kernel 1 reads 1, 5, 9).
 */
function droppedSamplesObstacle(layer: Layer, window: Window, size: readonly (number | null)[]): string | undefined {
  if (window.padding.kind !== 'same-upper' && window.padding.kind !== 'same-lower') return undefined;
  const extents = effectiveKernel(window);
  const drops = size.some((length, axis) => {
    const stride = window.stride[axis] ?? 1;
    return length !== null && (Math.ceil(length / stride) - 1) * stride + (extents[axis] ?? 1) - length <= -3;
  });
  return drops ? `"${layer.name}" has a SAME padding below zero, which runtimes read differently: give it explicit pads first.` : undefined;
}

/** ONNX Runtime refuses a pool whose padding reaches its undilated kernel. */
function paddingObstacle(layer: Layer, window: Window, padding: ExplicitPadding): string | undefined {
  if (layer.operation.kind === 'convolution') return undefined;
  const tooWide = [padding.begin, padding.end].some((side) => side.some((amount, axis) => amount >= (window.kernel[axis] ?? 1)));
  return tooWide ? `"${layer.name}" rounds its size up past its own kernel, which no padding at stride 1 expresses.` : undefined;
}

function findPlace(site: PlanSite, plan: BlurPlan, layer: Layer, strided: number, padding: ExplicitPadding): Place | string {
  const isPadded = [...padding.begin, ...padding.end].some((amount) => amount !== 0);
  const [input] = layer.inputs;
  // Zero padding of a 1x1 convolution yields the bias beside the map, so there only a blur behind it is exact.
  if (plan.recipe === 'blur-then-convolution' && !isPadded && input !== undefined) {
    return { node: strided, place: 'before', between: [], tensor: input };
  }
  const walk = walkToBlur(site.flow, (tensor) => site.wiring.readers(tensor), layer, plan.blurAfter);
  if (typeof walk === 'string') return cannot(layer, walk);
  const node = site.wiring.nodeOfLayer(plan.blurAfter);
  if (node === undefined) return `The model's main graph has no layer "${plan.blurAfter}".`;
  return site.isBlurred(walk.tensor)
    ? `The output of "${plan.blurAfter}" is blurred by another plan already.`
    : { ...walk, node, place: 'after' };
}

function specifyBlur(
  site: PlanSite,
  plan: BlurPlan,
  { place, tensor, node }: Place,
  map: { readonly padding: ExplicitPadding; readonly mapSize: readonly (number | null)[] },
  boxes?: readonly number[],
): BlurSpecification | string {
  const channels = spatialShape(site.graph, tensor)?.channels ?? null;
  if (channels === null) return `"${plan.layer}" cannot be rewritten: the number of channels of "${tensor}" is not known.`;
  const dataType = site.types.of(tensor);
  if (dataType !== elementType.float && dataType !== elementType.float16 && dataType !== elementType.double) {
    return `"${plan.layer}" cannot be rewritten: "${tensor}" is not known to hold float16, float32 or float64 values, and a blur needs them.`;
  }
  const name = site.wiring.newName(`${plan.layer}/shiftlint_blur`);
  return {
    name,
    ...blurEnds(site, name, place, tensor, node),
    channels,
    dataType,
    kernel: blurKernel(plan.filter, plan.stride, boxes),
    stride: blurStride(plan),
    padding: map.padding,
    mode: chooseBorder('onnx', plan.padding, map.mapSize, map.padding).padding,
  };
}

function blurEnds(site: PlanSite, name: string, place: Place['place'], tensor: string, node: number): { input: string; output: string } {
  switch (place) {
    case 'after':
      return { input: `${name}_input`, output: tensor };
    case 'before':
      return { input: tensor, output: `${name}_output` };
    case 'instead':
      return { input: tensor, output: site.wiring.graph.nodes[node]?.outputs[0] ?? '' };
  }
}

function cannot({ name }: Layer, reason: string): string {
  return `"${name}" cannot be rewritten: ${reason}.`;
}
