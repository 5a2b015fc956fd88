import type { Dimension, Layer, Layout, ModelGraph, Window } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import { resolvePadding, windowOutputSize, type ExplicitPadding } from '../../graph/window';
import { alignAverage, alignBlur, type Alignment } from '../../rewrite/alignment';
import { blurKernel, centredPadding, type BlurKernel } from '../../rewrite/filters';
import { blurStride, type BlurPlan } from '../../rewrite/plan';

/** What the blur has to do, in the tensor's own axes: (depth,) height, width. */
export interface BlurSpecification {
  readonly kernel: BlurKernel;
  readonly stride: readonly number[];
  readonly channels: number;
  /** Negative amounts crop. */
  readonly padding: ExplicitPadding;
  /** Of the map that is blurred; null where open. */
  readonly size: readonly Dimension[];
  readonly layout: Layout;
}

/** What the blur of one layer has to do, or why there can be none. */
export type FittedBlur = { readonly ok: true; readonly specification: BlurSpecification } | { readonly ok: false; readonly reason: string };

const kindsOf: Readonly<Record<BlurPlan['recipe'], readonly Layer['operation']['kind'][]>> = {
  'max-then-blur': ['max-pool'],
  'convolution-then-blur': ['convolution'],
  'blur-then-convolution': ['convolution'],
  'average-to-blur': ['average-pool'],
  'blur-then-subsample': ['resize', 'slice'],
};

/** Fits a plan to a layer, or to one call of it, as TensorFlow.js runs it. @param after the layer behind which the blur may stand */
export function fitBlur(graph: ModelGraph, plan: BlurPlan, layer: Layer, after: Layer): FittedBlur {
  const { operation } = layer;
  if (!kindsOf[plan.recipe].includes(operation.kind)) return refuse(`${layer.op} "${layer.name}" is no layer that this fix is for.`);
  if (operation.kind === 'resize' || operation.kind === 'slice') return subsampler(graph, layer, plan);
  if (operation.kind !== 'convolution' && operation.kind !== 'max-pool' && operation.kind !== 'average-pool') {
    return refuse(`${layer.op} "${layer.name}" is no layer that this fix is for.`);
  }
  const { window } = operation;
  const obstacle = windowObstacle(layer, window, plan);
  if (obstacle !== undefined) return refuse(obstacle);
  const size = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? window.kernel.map(() => null);
  if (isMisplaced(window, size)) {
    return refuse(
      `"${layer.name}" has SAME windows shorter than its stride, which the backends of TensorFlow.js place differently in volumes, so there is no one output to keep.`,
    );
  }
  const isBehind = plan.recipe === 'max-then-blur' || plan.recipe === 'convolution-then-blur';
  const alignment = plan.recipe === 'average-to-blur' ? alignAverage(window, size, plan.filter.taps.length) : align(window, size, plan);
  if (!alignment.ok) return refuse(`"${layer.name}" cannot be rewritten: ${alignment.reason}.`);
  const dense: Window = { ...window, stride: plan.layerStride, padding: { kind: 'explicit', ...alignment.layerPadding } };
  return blurOf(graph, isBehind ? after : layer, isBehind ? after.outputs[0] : layer.inputs[0], plan, {
    kernel: blurKernel(plan.filter, blurStride(plan), plan.recipe === 'average-to-blur' ? window.kernel : []),
    stride: blurStride(plan),
    padding: alignment.blurPadding,
    size: isBehind ? windowOutputSize(dense, size) : size,
  });
}

/** SAME padding as TensorFlow will work it out for the stride that stays with the layer. */
function align(window: Window, size: readonly Dimension[], plan: BlurPlan): Alignment {
  const layerPadding = window.padding.kind === 'explicit' ? undefined : resolvePadding({ ...window, stride: plan.layerStride }, size);
  return alignBlur(window, size, plan.filter.taps.length, { layerPadding, layerStride: plan.layerStride });
}

/** A resize keeps its input's length before it shrinks it, so its blur does too. */
function subsampler(graph: ModelGraph, layer: Layer, plan: BlurPlan): FittedBlur {
  const size = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? [];
  const { before, after } = centredPadding(plan.filter.taps.length);
  const amounts = (amount: number): readonly number[] => plan.stride.map((step) => (step > 1 ? amount : 0));
  const padding: ExplicitPadding = { begin: amounts(before), end: amounts(after) };
  return blurOf(graph, layer, layer.inputs[0], plan, {
    kernel: blurKernel(plan.filter, plan.stride),
    stride: plan.stride.map(() => 1),
    padding,
    size,
  });
}

function blurOf(
  graph: ModelGraph,
  layer: Layer,
  tensor: string | undefined,
  plan: BlurPlan,
  blur: Omit<BlurSpecification, 'channels' | 'layout'>,
): FittedBlur {
  const map = spatialShape(graph, tensor ?? '');
  if (map === undefined || map.channels === null)
    return refuse(`The number of channels that "${layer.name}" ${tensor === layer.outputs[0] ? 'gives' : 'reads'} is not known.`);
  if (map.size.length !== plan.stride.length) {
    return refuse(`"${plan.layer}" and "${layer.name}" work on different numbers of axes, so the blur of one does not fit the other.`);
  }
  const layout = graph.tensors.get(tensor ?? '')?.layout ?? graph.layout;
  return { ok: true, specification: { ...blur, channels: map.channels, layout } };
}

function windowObstacle({ name }: Layer, { stride, dilation }: Window, plan: BlurPlan): string | undefined {
  if (dilation.some((step) => step > 1)) {
    return `"${name}" is dilated and strided at once, which TensorFlow.js does not run, so there is no output that a fix could keep.`;
  }
  if (stride.length !== plan.stride.length || stride.some((step, axis) => step !== plan.stride[axis])) {
    return `"${name}" has stride ${stride.join('x')}, but the plan is for stride ${plan.stride.join('x')}: it was made for another version of the model.`;
  }
  return undefined;
}

/** In volumes, tfjs (4.22) works out negative padding where windows do not reach the end of the map; native kernels pad nothing. */
function isMisplaced({ kernel, stride, padding }: Window, size: readonly Dimension[]): boolean {
  if (kernel.length !== 3 || padding.kind !== 'same-upper') return false;
  return size.some((length, axis) => {
    const step = stride[axis] ?? 1;
    const extent = kernel[axis] ?? 1;
    return length === null ? extent < step : (Math.ceil(length / step) - 1) * step + extent < length;
  });
}

function refuse(reason: string): FittedBlur {
  return { ok: false, reason };
}
