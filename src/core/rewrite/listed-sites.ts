import { t } from '@vscode/l10n';
import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';
import { chooseBorder } from './border';
import type { RewritableModel } from './capabilities';
import { blurPosition, sitesOf, type BlurPlan, type BlurSite, type BlurSpecification } from './plan';
import { cannot, refuse, type Refusal } from './refusal';

/** One place of the file, and the sites of a plan whose blurs would go there. */
interface Place {
  /** The layers of those sites beside which the blurs stand. */
  readonly beside: readonly Layer[];
  readonly sites: readonly BlurSite[];
}

/**
 * The plan as the file can hold it. A model that is called several times lists its layers once, so that what is put beside one
 * of them runs in every call: there one blur has to serve all sites, and no other layer of the graph may stand at that place.
 */
export function fitListing(model: RewritableModel, plan: BlurPlan): { readonly ok: true; readonly plan: BlurPlan } | Refusal {
  const blurs = new Map<string, BlurSpecification>();
  const notes = new Set(plan.notes);
  for (const place of placesOf(model, plan)) {
    const common = blurAt(model, plan, place);
    if ('ok' in common) return common;
    // A map of several sizes may have another border than one whose size is known.
    const border = chooseBorder(model.capabilities, common.border, common);
    const { surplus, ...rest } = common;
    const kept = border.padding === 'zero' ? undefined : surplus;
    for (const { layer } of place.sites) blurs.set(layer, { ...rest, border: border.padding, ...(kept && { surplus: kept }) });
    for (const note of border.notes) notes.add(note);
  }
  const fitted = <Site extends BlurSite>(site: Site): Site => ({ ...site, blur: blurs.get(site.layer) ?? site.blur });
  return { ok: true, plan: { ...fitted(plan), furtherCalls: plan.furtherCalls.map(fitted), notes: [...notes] } };
}

function placesOf({ flow }: RewritableModel, plan: BlurPlan): readonly Place[] {
  const isBehind = blurPosition(plan) === 'behind';
  const places = new Map<string, { readonly beside: Layer[]; readonly sites: BlurSite[] }>();
  for (const site of sitesOf(plan)) {
    const layer = flow.layer(isBehind ? site.blurAfter : site.layer);
    if (layer === undefined) continue;
    const key = layer.listedAs ?? layer.name;
    const place = places.get(key) ?? { beside: [], sites: [] };
    place.beside.push(layer);
    place.sites.push(site);
    places.set(key, place);
  }
  return [...places.values()];
}

/** The one blur for a place, or why there is none. */
function blurAt({ flow, capabilities }: RewritableModel, plan: BlurPlan, { beside, sites }: Place): BlurSpecification | Refusal {
  const blur = commonBlur(sites);
  const target = flow.layer(plan.layer) ?? { name: plan.layer };
  if (blur === undefined) {
    return refuse(
      t`"${labelOf(target)}" stands in a model that is called several times, and its calls would need blurs that differ.`,
      sites.map(({ layer }) => layer),
    );
  }
  const [first] = beside;
  const served = new Set(beside);
  const other = first && flow.listedWith(first).find((layer) => !served.has(layer));
  if (first !== undefined && other !== undefined) {
    return refuse(t`"${labelOf(first)}" runs in other calls of the model around it too, which would all be blurred.`, [
      first.name,
      other.name,
    ]);
  }
  if (blurPosition(plan) === 'in front of' && first?.declaresInput === true) {
    return refuse(
      t`"${labelOf(target)}" is the first layer of a sequential model, which declares the input; nothing can stand in front of it.`,
      [plan.layer],
    );
  }
  const obstacle = capabilities.obstacle?.(blur);
  return obstacle === undefined ? blur : cannot(target, obstacle);
}

/** One blur for maps of several sizes, where it does not depend on them. */
function commonBlur(sites: readonly BlurSite[]): BlurSpecification | undefined {
  const [first, ...others] = sites.map(({ blur }) => blur);
  return first && others.reduce<BlurSpecification | undefined>((common, blur) => common && inCommon(common, blur), first);
}

function inCommon(a: BlurSpecification, b: BlurSpecification): BlurSpecification | undefined {
  const size = a.size.map((length, axis) => (length === b.size[axis] ? length : null));
  return JSON.stringify({ ...a, size }) === JSON.stringify({ ...b, size }) ? { ...a, size } : undefined;
}
