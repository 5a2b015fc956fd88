import type { ModelSource, Patch, PatchOutcome, TextEdit } from '../../format';
import type { BlurPlan } from '../../../rewrite/plan';
import { blurShard } from '../../tfjs/blur-shard';
import { JsonDocument } from '../../tfjs/document';
import { insertBlurs } from './insert-blurs';
import type { JsonPath } from '../../tfjs/json';
import type { KerasModel } from '../read/keras-model';
import type { WeightGroup } from '../../tfjs/manifest';
import { patchStep, siteKey, type PatchStep } from './patch-step';
import type { LayersModel } from '../read/read';
import { rewire } from './rewire';

type DoneStep = Extract<PatchStep, { ok: true }>;

/** Applies plans as edits of the JSON text plus one shard with all new kernels. Every byte outside the edits stays. */
export async function patchLayersModel(
  { text, topology, groups, flat, graph }: LayersModel,
  plans: readonly BlurPlan[],
  source: ModelSource,
): Promise<Patch> {
  const takeName = uniqueNames([...layerNames(topology), ...weightOwners(groups)]);
  const outcomes: PatchOutcome[] = [];
  const steps: DoneStep[] = [];
  for (const plan of withoutRepeats(plans)) {
    const found = patchStep(graph, flat, plan, takeName);
    const step: PatchStep =
      found.ok && steps.some((earlier) => collide(earlier, found))
        ? { ok: false, reason: `"${plan.layer}" already gets a blur by another plan of this patch.` }
        : found;
    if (step.ok) steps.push(step);
    outcomes.push(
      step.ok ? { ok: true, layer: plan.layer, description: step.description } : { ok: false, layer: plan.layer, reason: step.reason },
    );
  }
  if (steps.length === 0) return { kind: 'text', edits: [], newFiles: [], outcomes };
  const document = new JsonDocument(text);
  const sites = steps.flatMap((step) => step.sites);
  const shard = await blurShard(
    document,
    groups,
    sites.map(({ blur }) => blur.weight),
    source,
  );
  const edits = [
    ...steps.flatMap((step) => unstride(document, step)),
    ...modelsOf(topology).flatMap((model) => [...insertBlurs(document, model, sites), ...rewire(document, model, sites)]),
    shard.manifestEdit,
  ];
  return { kind: 'text', edits, newFiles: [{ relativePath: shard.relativePath, bytes: shard.bytes }], outcomes };
}

/** Every call of a shared layer has a finding, and all of them the same plan. */
function withoutRepeats(plans: readonly BlurPlan[]): readonly BlurPlan[] {
  return plans.filter(
    ({ layer, furtherCalls }, index) => furtherCalls.length === 0 || !plans.slice(0, index).some((earlier) => earlier.layer === layer),
  );
}

function collide(a: DoneStep, b: DoneStep): boolean {
  const places = new Set(a.sites.map(siteKey));
  return a.target.path === b.target.path || b.sites.some((site) => places.has(siteKey(site)));
}

/** The model and all models inside it. */
function modelsOf(model: KerasModel): readonly KerasModel[] {
  return [model, ...model.layers.flatMap((layer) => (layer.model === undefined ? [] : modelsOf(layer.model)))];
}

/** Of layers at every depth: weights are named after their own layer alone. */
function layerNames(model: KerasModel): readonly string[] {
  return modelsOf(model).flatMap(({ layers }) => layers.map(({ name }) => name));
}

function weightOwners(groups: readonly WeightGroup[]): readonly string[] {
  return groups.flatMap((group) => group.weights).flatMap(({ name }) => name.split('/').slice(0, -1));
}

function uniqueNames(taken: readonly string[]): (wanted: string) => string {
  const names = new Set(taken);
  return (wanted) => {
    let name = wanted;
    for (let count = 1; names.has(name); count++) name = `${wanted}_${count}`;
    names.add(name);
    return name;
  };
}

/** The strided layer keeps everything but its stride; a resize keeps that too, and an average-pool goes as a whole. */
function unstride(document: JsonDocument, { plan, target: { model, layer } }: DoneStep): readonly TextEdit[] {
  if (plan.recipe === 'average-to-blur' || plan.recipe === 'blur-then-subsample') return [];
  const config: JsonPath = [...model.layersPath, model.layers.indexOf(layer), 'config'];
  const strides = [...config, 'strides'];
  const [step = 1] = plan.layerStride;
  if (!document.has(strides)) return [document.addProperty(config, 'strides', plan.layerStride)];
  if (typeof layer.config['strides'] === 'number' && plan.layerStride.every((other) => other === step))
    return [document.replace(strides, step)];
  return document.replaceNumbers(strides, plan.layerStride);
}
