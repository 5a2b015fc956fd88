import type { Layer, ModelGraph, Window } from '../../graph/model-graph';
import { resolvePadding, type ExplicitPadding } from '../../graph/window';
import { spatialShape } from '../../graph/sampling';
import { alignBlur } from '../../rewrite/alignment';
import { blurKernel } from '../../rewrite/filters';
import type { BlurPlan } from '../../rewrite/plan';
import { blurLayers, type InsertedBlur } from './blur-layers';
import type { KerasTopology } from './topology';

/** One plan worked out for this format, or why it cannot be. */
export type PatchStep =
  | { readonly ok: true; readonly plan: BlurPlan; readonly blur: InsertedBlur; readonly description: string }
  | { readonly ok: false; readonly reason: string };

/** Works out the layers that one plan inserts. `takeName` makes a name unique and reserves it. */
export function patchStep(graph: ModelGraph, topology: KerasTopology, plan: BlurPlan, takeName: (wanted: string) => string): PatchStep {
  const layer = graph.layers.find(({ name }) => name === plan.layer);
  const after = graph.layers.find(({ name }) => name === plan.blurAfter);
  if (layer === undefined || after === undefined) return refuse(`The model has no layer named "${layer === undefined ? plan.layer : plan.blurAfter}".`);
  const { operation } = layer;
  if (operation.kind !== 'convolution' && operation.kind !== 'max-pool') return refuse(`${layer.op} "${layer.name}" is no layer that this fix is for.`);
  if (plan.furtherCalls.length > 0 || plan.layerStride.some((step) => step > 1)) return refuse(`The fix of "${layer.name}" has more than one blur or stride.`);
  const obstacle = formatObstacle(topology, plan, [layer, after]) ?? windowObstacle(layer, operation.window, plan);
  if (obstacle !== undefined) return refuse(obstacle);
  const padding = blurPadding(graph, layer, operation.window, plan);
  if (!padding.ok) return refuse(`"${layer.name}" cannot be rewritten: ${padding.reason}.`);
  const blurred = plan.recipe === 'blur-then-convolution' ? layer.inputs[0] : after.outputs[0];
  const channels = spatialShape(graph, blurred ?? '')?.channels ?? null;
  if (channels === null) return refuse(`The number of channels that "${plan.blurAfter}" gives is not known.`);
  const blur = takeName(`${plan.layer}_blur`);
  const specification = {
    names: { blur, pad: takeName(`${plan.layer}_blur_pad`), crop: takeName(`${plan.layer}_blur_crop`) },
    kernel: blurKernel(plan.filter, plan.stride),
    stride: plan.stride,
    channels,
    padding: padding.amounts,
    layout: graph.layout,
  };
  return { ok: true, plan, blur: blurLayers(specification), description: describe(plan, blur, padding.amounts) };
}

function formatObstacle(topology: KerasTopology, plan: BlurPlan, layers: readonly Layer[]): string | undefined {
  const shared = layers.find(({ calls = 1 }) => calls > 1);
  if (shared !== undefined) return `"${shared.name}" is shared by several calls; a fix would have to serve all of them.`;
  if (plan.stride.length !== 2) {
    return `"${plan.layer}" works on ${plan.stride.length} spatial axes; TensorFlow.js has a depthwise layer for two only.`;
  }
  if (plan.recipe === 'blur-then-convolution' && topology.kind === 'sequential' && topology.layers[0]?.name === plan.layer) {
    return `"${plan.layer}" is the first layer of a sequential model, which declares the input; nothing can stand in front of it.`;
  }
  return undefined;
}

function windowObstacle({ name }: Layer, { stride, dilation }: Window, plan: BlurPlan): string | undefined {
  if (dilation.some((step) => step > 1)) {
    return `"${name}" is dilated and strided at once, which TensorFlow.js does not run, so there is no output that a fix could keep.`;
  }
  if (stride.some((step, axis) => step !== plan.stride[axis])) {
    return `"${name}" has stride ${stride.join('x')}, but the plan is for stride ${plan.stride.join('x')}: it was made for another version of the model.`;
  }
  return undefined;
}

type PaddingResult = { readonly ok: true; readonly amounts: ExplicitPadding } | { readonly ok: false; readonly reason: string };

function blurPadding(graph: ModelGraph, layer: Layer, window: Window, plan: BlurPlan): PaddingResult {
  const size = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? window.kernel.map(() => null);
  const dense = { ...window, stride: window.stride.map(() => 1) };
  // A blur in front of a 1x1 convolution sees that layer's input, which is aligned just as its output would be.
  const dictated = window.padding.kind === 'explicit' ? undefined : resolvePadding(dense, size);
  const alignment = alignBlur(window, size, plan.filter.taps.length, { layerPadding: dictated });
  return alignment.ok ? { ok: true, amounts: alignment.blurPadding } : alignment;
}

function describe(plan: BlurPlan, blur: string, padding: ExplicitPadding): string {
  const place = plan.recipe === 'blur-then-convolution' ? `in front of "${plan.layer}"` : `behind "${plan.blurAfter}"`;
  const padded = [...padding.begin, ...padding.end].some((amount) => amount > 0);
  const border = padded ? ' Its border is padded with zeros, since TensorFlow.js has no reflecting layer, so samples at the edge are slightly weaker.' : '';
  return `"${plan.layer}" now has stride 1; ${plan.filter.label} blur "${blur}" with stride ${plan.stride.join('x')} stands ${place}.${border}`;
}

function refuse(reason: string): PatchStep {
  return { ok: false, reason };
}
