import type { Dataflow, IndexedGraph } from '../graph/dataflow';
import type { Layer, ModelGraph } from '../graph/model-graph';
import { isPatchEmbedding } from '../graph/patch-embedding';
import { declaredStride } from '../graph/subsampling';
import { aroundConvolution, behindPool } from './blur-place';
import type { BlurFilter } from './filters';
import type { BlurPlan, PlanOptions, PlanResult } from './plan';
import { planAverage, planSubsample, planWindow } from './plan-call';
import { planPrice } from './price';

/** Plans the fix of one strided layer with the given filter, at the position the paper gives for its kind. */
export function planFix(indexed: IndexedGraph, layerName: string, filter: BlurFilter, options: PlanOptions = {}): PlanResult {
  const { graph, flow } = indexed;
  const layer = flow.layer(layerName);
  if (layer === undefined) return refuse(`The model has no layer named "${layerName}".`);
  if (layer.sealed !== undefined) return refuse(`"${layer.name}" cannot be rewritten: ${layer.sealed}.`);
  const calls = flow.calls(layer);
  const [first, ...further] = calls.map((call) => planCall(graph, flow, call, filter, options));
  if (first === undefined) return refuse(`The model has no layer named "${layerName}".`);
  if (typeof first === 'string') return refuse(first);
  const furtherCalls: BlurPlan[] = [];
  for (const call of further) {
    if (typeof call === 'string') return refuse(`"${first.layer}" is shared by ${calls.length} calls, and not all can be fixed: ${call}`);
    if (call.recipe !== first.recipe) {
      return refuse(`"${first.layer}" is shared by ${calls.length} calls that would need the blur at different places.`);
    }
    furtherCalls.push(call);
  }
  const notes =
    further.length === 0 ? first.notes : [...first.notes, `"${first.layer}" is shared: each of its ${calls.length} calls gets a blur.`];
  const plan: BlurPlan = { ...first, furtherCalls: furtherCalls.map(({ layer: call, blurAfter }) => ({ layer: call, blurAfter })), notes };
  return { ok: true, plan, inFixAll: !calls.some((call) => isStem(flow, call)), price: planPrice(indexed, plan) };
}

/** The plan for one call, or why there is none. */
function planCall(graph: ModelGraph, flow: Dataflow, layer: Layer, filter: BlurFilter, options: PlanOptions): BlurPlan | string {
  const { operation } = layer;
  switch (operation.kind) {
    case 'max-pool':
      return planWindow(graph, layer, operation.window, behindPool(layer), filter, options);
    case 'convolution':
      if (isPatchEmbedding(flow, layer)) return patchReason(layer);
      return planWindow(graph, layer, operation.window, aroundConvolution(flow, layer, operation), filter, options);
    case 'average-pool':
      if (operation.power !== undefined) return planWindow(graph, layer, operation.window, behindPool(layer), filter, options);
      return planAverage(graph, layer, operation.window, filter, options);
    case 'slice':
    case 'resize':
      return planSubsample(graph, layer, declaredStride(graph, layer), filter, options);
    case 'space-to-depth':
      return `"${layer.name}" only rearranges samples and loses none, so there is nothing to blur here.`;
    default:
      return `"${layer.name}" is a ${layer.op}, for which Shiftlint has no rewrite.`;
  }
}

/** A convolution on the image itself: blurred at full resolution, which is costly and left out in the paper. */
function isStem(flow: Dataflow, layer: Layer): boolean {
  return layer.operation.kind === 'convolution' && flow.isModelInput(flow.source(layer.inputs[0] ?? ''));
}

function patchReason({ name }: Layer): string {
  return `"${name}" cuts the image into patches; no blur keeps the meaning of its weights. Train it with overlapping patches or a convolutional stem.`;
}

function refuse(reason: string): PlanResult {
  return { ok: false, reason };
}
