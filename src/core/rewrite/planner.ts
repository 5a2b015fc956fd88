import { t } from '@vscode/l10n';
import type { Dataflow } from '../graph/dataflow';
import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';
import { isPatchEmbedding } from '../graph/patch-embedding';
import { declaredStride } from '../graph/subsampling';
import { aroundConvolution, behindPool } from './blur-place';
import type { RewritableModel } from './capabilities';
import type { BlurFilter } from './filters';
import { fitListing } from './listed-sites';
import type { BlurPlan, PlanOptions, PlanResult } from './plan';
import { planAverage, planSubsample, planWindow, type CallPlan, type PlannedCall } from './plan-call';
import { planPrice } from './price';
import { cannot, refuse } from './refusal';

/**
 * Plans the fix of one strided layer with the given filter, at the position the paper gives for its kind. A plan that comes out
 * is one that the model's format can write: whatever stands in its way in the file is found here.
 */
export function planFix(model: RewritableModel, layerName: string, filter: BlurFilter, options: PlanOptions = {}): PlanResult {
  const layer = model.flow.layer(layerName);
  if (layer === undefined) return refuse(t`The model has no layer named "${layerName}".`, [layerName]);
  if (model.judgedOnly !== undefined) return refuse(model.judgedOnly.message, [layerName]);
  if (layer.sealed !== undefined) return cannot(layer, layer.sealed);
  const calls = model.flow.calls(layer);
  const planned = planCalls(calls.map((call) => ({ model, layer: call, wanted: filter, options })));
  if (!planned.ok) return planned;
  const fitted = fitListing(model, planned.plan);
  if (!fitted.ok) return fitted;
  return { ...fitted, inFixAll: !calls.some((call) => isStem(model.flow, call)), price: planPrice(model, fitted.plan) };
}

/** One plan for all calls of a layer, which lose their stride together. */
function planCalls(calls: readonly PlannedCall[]): CallPlan {
  const [first, ...further] = calls.map(planCall);
  if (first?.ok !== true) return first ?? refuse(t('The layer has no calls.'), []);
  if (further.length === 0) return first;
  const { plan } = first;
  const label = labelAt(calls, 0);
  const furtherCalls: BlurPlan[] = [];
  for (const [index, call] of further.entries()) {
    if (!call.ok) return refuse(t`"${label}" is shared by ${calls.length} calls, and not all can be fixed: ${call.reason}`, call.nodes);
    if (call.plan.recipe !== plan.recipe) {
      return refuse(
        t`"${label}" is shared by ${calls.length} calls that would need the blur at different places.`,
        calls.map(({ layer }) => layer.name),
      );
    }
    if (call.plan.stride.join() !== plan.stride.join()) {
      return refuse(
        t`"${label}" is shared by ${calls.length} calls, and not all can be fixed together: "${labelAt(calls, index + 1)}" has stride ${call.plan.stride.join('x')} on its map, the first ${plan.stride.join('x')}.`,
        [call.plan.layer],
      );
    }
    furtherCalls.push(call.plan);
  }
  const notes = [...plan.notes, t`"${label}" is shared: each of its ${calls.length} calls gets a blur.`];
  return { ok: true, plan: { ...plan, furtherCalls: furtherCalls.map(siteOf), notes } };
}

function labelAt(calls: readonly PlannedCall[], index: number): string {
  const call = calls[index];
  return call === undefined ? '' : labelOf(call.layer);
}

function siteOf({ layer, blurAfter, tensor, between, window, blur }: BlurPlan): BlurPlan['furtherCalls'][number] {
  return { layer, blurAfter, tensor, between, window, blur };
}

/** The plan for one call, or why there is none. */
function planCall(call: PlannedCall): CallPlan {
  const { model, layer } = call;
  const { operation } = layer;
  if (declaredStride(model.graph, layer)?.every((step) => step === 1) === true) {
    return cannot(layer, t('its stride is 1, so that it drops no samples which a blur could protect'));
  }
  switch (operation.kind) {
    case 'max-pool':
      return secondOutput(layer) ?? planWindow(call, operation.window, behindPool(layer));
    case 'convolution':
      if (isPatchEmbedding(model.flow, layer)) return refuse(patchReason(layer), [layer.name]);
      return secondOutput(layer) ?? planWindow(call, operation.window, aroundConvolution(model, layer, operation));
    case 'average-pool':
      if (operation.power !== undefined) return secondOutput(layer) ?? planWindow(call, operation.window, behindPool(layer));
      return secondOutput(layer) ?? planAverage(call, operation.window);
    case 'slice':
    case 'resize':
      return secondOutput(layer) ?? planSubsample(call, declaredStride(model.graph, layer));
    case 'space-to-depth':
      return refuse(t`"${labelOf(layer)}" only rearranges samples and loses none, so there is nothing to blur here.`, [layer.name]);
    default:
      return refuse(t`"${labelOf(layer)}" is a ${layer.op}, for which Shiftlint has no rewrite.`, [layer.name]);
  }
}

function secondOutput(layer: Layer): CallPlan | undefined {
  if (layer.outputs.length <= 1) return undefined;
  return refuse(t`"${labelOf(layer)}" has a second output (the places of its maxima), whose meaning would change.`, [layer.name]);
}

/** A convolution on the image itself: blurred at full resolution, which is costly and left out in the paper. */
function isStem(flow: Dataflow, layer: Layer): boolean {
  return layer.operation.kind === 'convolution' && flow.isModelInput(flow.source(layer.inputs[0] ?? ''));
}

function patchReason(layer: Layer): string {
  return t`"${labelOf(layer)}" cuts the image into patches; no blur keeps the meaning of its weights. Train it with overlapping patches or a convolutional stem.`;
}
