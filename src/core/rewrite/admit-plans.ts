import { t } from '@vscode/l10n';
import type { IndexedGraph } from '../graph/dataflow';
import { labelOf, layerLabel } from '../graph/layer-labels';
import type { Layer, Operation } from '../graph/model-graph';
import { declaredStride } from '../graph/subsampling';
import { blurPosition, sitesOf, type BlurPlan, type BlurRecipe } from './plan';
import { refuse, type Refusal } from './refusal';

/** What becomes of one of the plans that a patch is made of. */
export type Admission =
  { readonly ok: true; readonly plan: BlurPlan } | (Refusal & { /** Of the plan. */ readonly layer: string; readonly label: string });

const kindsOf: Readonly<Record<BlurRecipe, readonly Operation['kind'][]>> = {
  'max-then-blur': ['max-pool', 'average-pool'],
  'convolution-then-blur': ['convolution'],
  'blur-then-convolution': ['convolution'],
  'average-to-blur': ['average-pool'],
  'blur-then-subsample': ['resize', 'slice'],
};

/**
 * The plans that one patch can write, in their order. A plan holds whatever its model allowed when it was made, so what is left
 * to refuse is a plan of another model, and one in the way of an earlier plan. The same plan of a shared layer, which each of
 * its calls brings, is taken once.
 */
export function admitPlans(model: IndexedGraph, plans: readonly BlurPlan[]): readonly Admission[] {
  const taken = new Set<string>();
  return withoutRepeats(plans).map((plan): Admission => {
    const { layer } = plan;
    const label = layerLabel(model.graph, layer);
    const outdated = outdatedRefusal(model, plan);
    if (outdated !== undefined) return { ...outdated, layer, label };
    const places = placesOf(model, plan);
    if (places.some((place) => taken.has(place))) {
      return { ...refuse(t`"${label}" already gets a blur by another plan of this patch.`, [layer]), layer, label };
    }
    for (const place of places) taken.add(place);
    return { ok: true, plan };
  });
}

function withoutRepeats(plans: readonly BlurPlan[]): readonly BlurPlan[] {
  const shared = new Set<string>();
  return plans.filter(({ layer, furtherCalls }) => {
    if (furtherCalls.length === 0) return true;
    const isNew = !shared.has(layer);
    shared.add(layer);
    return isNew;
  });
}

/** What a plan changes that no other may change too: its layer, and the tensors that its blurs write. */
function placesOf({ flow }: IndexedGraph, plan: BlurPlan): readonly string[] {
  const own = flow.layer(plan.layer)?.callOf ?? plan.layer;
  return [`stride of ${own}`, ...(blurPosition(plan) === 'behind' ? sitesOf(plan).map(({ tensor }) => `output ${tensor}`) : [])];
}

/** Why a plan was made for another model than this one, or undefined. */
function outdatedRefusal(model: IndexedGraph, plan: BlurPlan): Refusal | undefined {
  const names = sitesOf(plan).flatMap(({ layer, blurAfter }) => [layer, blurAfter]);
  const unknown = names.find((name) => model.flow.layer(name) === undefined);
  if (unknown !== undefined) return refuse(t`The model has no layer named "${unknown}".`, [unknown]);
  const calls = sitesOf(plan).flatMap(({ layer }) => model.flow.layer(layer) ?? []);
  for (const call of calls) {
    const refusal = strideRefusal(model, plan, call);
    if (refusal !== undefined) return refusal;
  }
  const missed = missedCall(model, calls);
  if (missed === undefined) return undefined;
  const label = layerLabel(model.graph, plan.layer);
  return refuse(t`"${label}" is shared by several calls; a fix has to serve all of them, "${labelOf(missed)}" too.`, [missed.name]);
}

function strideRefusal({ graph }: IndexedGraph, plan: BlurPlan, layer: Layer): Refusal | undefined {
  if (!kindsOf[plan.recipe].includes(layer.operation.kind)) {
    return refuse(t`${layer.op} "${labelOf(layer)}" is no layer that this fix is for.`, [layer.name]);
  }
  const stride = declaredStride(graph, layer);
  if (stride === undefined || stride.join() === plan.stride.join()) return undefined;
  return refuse(
    t`"${labelOf(layer)}" has stride ${stride.join('x')}, but the plan is for stride ${plan.stride.join('x')}: it was made for another version of the model.`,
    [layer.name],
  );
}

/** A call of the same layer that the plan leaves out. */
function missedCall({ flow }: IndexedGraph, served: readonly Layer[]): Layer | undefined {
  const [first] = served;
  const known = new Set(served);
  return first && flow.calls(first).find((layer) => !known.has(layer));
}
