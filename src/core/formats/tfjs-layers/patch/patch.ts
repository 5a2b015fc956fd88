import type { ModelSource, Patch, PatchOutcome, TextEdit } from '../../format';
import { layerLabel } from '../../../graph/layer-labels';
import type { IndexedGraph } from '../../../graph/dataflow';
import { admitPlans } from '../../../rewrite/admit-plans';
import type { BlurPlan } from '../../../rewrite/plan';
import { blurShard } from '../../tfjs/blur-shard';
import { JsonDocument } from '../../tfjs/document';
import { insertBlurs } from './insert-blurs';
import type { JsonPath } from '../../tfjs/json';
import type { FlatModel } from '../read/flat-calls';
import type { KerasModel } from '../read/keras-model';
import type { WeightGroup } from '../../tfjs/manifest';
import { patchStep, type LayerNames, type PatchStep } from './patch-step';
import type { LayersModel } from '../read/read';
import { rewire } from './rewire';

/** Applies plans as edits of the JSON text plus one shard with all new kernels. Every byte outside the edits stays. */
export async function patchLayersModel(model: LayersModel & IndexedGraph, plans: readonly BlurPlan[], source: ModelSource): Promise<Patch> {
  const { text, topology, groups, flat } = model;
  const names = layerNames(flat, [...listedNames(topology), ...weightOwners(groups)]);
  const steps: PatchStep[] = [];
  const outcomes = admitPlans(model, plans).map((admission): PatchOutcome => {
    if (!admission.ok) return admission;
    const { layer } = admission.plan;
    const step = patchStep(names, admission.plan);
    steps.push(step);
    return { ok: true, layer, label: layerLabel(model.graph, layer), description: step.description };
  });
  if (steps.length === 0) return { kind: 'text', edits: [], newFiles: [], outcomes };
  const document = new JsonDocument(text);
  const blurs = steps.flatMap((step) => step.blurs);
  const shard = await blurShard(
    document,
    groups,
    blurs.map(({ blur }) => blur.weight),
    source,
  );
  const edits = [
    ...steps.flatMap((step) => unstride(document, step)),
    ...modelsOf(topology).flatMap((model) => [...insertBlurs(document, model, blurs), ...rewire(document, model, blurs)]),
    shard.manifestEdit,
  ];
  return { kind: 'text', edits, newFiles: [{ relativePath: shard.relativePath, bytes: shard.bytes }], outcomes };
}

/** The model and all models inside it. */
function modelsOf(model: KerasModel): readonly KerasModel[] {
  return [model, ...model.layers.flatMap((layer) => (layer.model === undefined ? [] : modelsOf(layer.model)))];
}

/** Of layers at every depth: weights are named after their own layer alone. */
function listedNames(model: KerasModel): readonly string[] {
  return modelsOf(model).flatMap(({ layers }) => layers.map(({ name }) => name));
}

function weightOwners(groups: readonly WeightGroup[]): readonly string[] {
  return groups.flatMap((group) => group.weights).flatMap(({ name }) => name.split('/').slice(0, -1));
}

function layerNames({ calls }: FlatModel, taken: readonly string[]): LayerNames {
  const runs = new Map(calls.map((run) => [run.tensor, run]));
  const names = new Set(taken);
  return {
    run: (tensor) => {
      const run = runs.get(tensor);
      if (run === undefined) throw new Error(`A plan changes "${tensor}", which is no layer of the model.`);
      return run;
    },
    take: (wanted) => {
      let name = wanted;
      for (let count = 1; names.has(name); count++) name = `${wanted}_${count}`;
      names.add(name);
      return name;
    },
  };
}

/** The strided layer keeps everything but its stride; a resize keeps that too, and an average-pool goes as a whole. */
function unstride(document: JsonDocument, { plan: { window }, target: { model, layer } }: PatchStep): readonly TextEdit[] {
  if (window === undefined) return [];
  const config: JsonPath = [...model.layersPath, model.layers.indexOf(layer), 'config'];
  const strides = [...config, 'strides'];
  const [step = 1] = window.stride;
  if (!document.has(strides)) return [document.addProperty(config, 'strides', window.stride)];
  if (typeof layer.config['strides'] === 'number' && window.stride.every((other) => other === step))
    return [document.replace(strides, step)];
  return document.replaceNumbers(strides, window.stride);
}
