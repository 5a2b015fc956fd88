import type { PatchOutcome } from '../../../core/formats/format';
import type { ModelGraph } from '../../../core/graph/model-graph';
import type { ChosenPreprocessing } from '../../../core/input/preprocessing';
import type { NewWeights } from '../../../core/recover/linear-layer';
import type { BlurPlan } from '../../../core/rewrite/plan';
import { changedPayload } from './changed-payload';
import { readModel, type ReadModel } from '../../input/read-model';
import { payloadSource } from '../../input/source';
import type { ModelPayload } from '../../protocol/payload';
import type { VariantSpec } from '../../protocol/variants';
import type { Engine } from '../../runtimes/engine';

/** A model as it is or with plans applied, as read. */
export interface VariantModel {
  readonly label: string;
  readonly graph: ModelGraph;
  readonly outcomes: readonly PatchOutcome[];
  /** Layers that were fixed, that have new weights, or that may have taken the bias of one of those. */
  readonly changed: ReadonlySet<string>;
  /** Put together anew each time, so that copies which wait for their turn take no memory. */
  readonly payload: () => Promise<ModelPayload>;
  /** Bytes of its files. */
  readonly fileBytes: number;
}

/** A model, the variants of it whose results are wanted, itself possibly among them, and what runs them. */
export interface VariantSet {
  readonly engine: Engine;
  readonly original: VariantModel;
  readonly wanted: readonly VariantModel[];
  readonly pixels: ChosenPreprocessing;
}

/** Applies the plans of a variant to the model, in memory. @throws ModelError */
export async function variantModel(
  { payload: original, opened, graph }: ReadModel,
  { label, plans, weights = new Map() }: VariantSpec,
): Promise<VariantModel> {
  const fileBytes = await bytesOf(original, graph);
  if (plans.length === 0) return { label, graph, outcomes: [], changed: new Set(), payload: () => Promise.resolve(original), fileBytes };
  const patch = await opened.patch(plans);
  const inserted = async (): Promise<ModelPayload> => changedPayload(original, opened, patch);
  const payload = async (): Promise<ModelPayload> =>
    weights.size === 0 ? inserted() : withWeights(await readModel(await inserted()), weights);
  const applied = new Set(patch.outcomes.flatMap((outcome) => (outcome.ok ? [outcome.layer] : [])));
  const { graph: fixed } = await readModel(await payload());
  return {
    label,
    graph: fixed,
    outcomes: patch.outcomes,
    changed: new Set([...plans.flatMap((plan) => (applied.has(plan.layer) ? layersOf(plan) : [])), ...reweighted(fixed, weights)]),
    payload,
    fileBytes,
  };
}

/** A model with new weights, in memory. */
export async function withWeights({ opened, payload }: ReadModel, weights: NewWeights): Promise<ModelPayload> {
  return weights.size === 0 ? payload : changedPayload(payload, opened, await opened.replaceWeights(weights));
}

/** Layers with new weights, and those that read them: a bias without a place of its own was put into the normalisation or sum behind. */
function reweighted({ layers }: ModelGraph, weights: NewWeights): readonly string[] {
  const outputs = new Set(layers.flatMap((layer) => (weights.has(layer.name) ? layer.outputs : [])));
  return [...weights.keys(), ...layers.flatMap(({ name, inputs }) => (inputs.some((tensor) => outputs.has(tensor)) ? [name] : []))];
}

function layersOf({ layer, blurAfter, furtherCalls }: BlurPlan): readonly string[] {
  return [layer, blurAfter, ...furtherCalls.flatMap((call) => [call.layer, call.blurAfter])];
}

async function bytesOf(payload: ModelPayload, { weightFiles }: ModelGraph): Promise<number> {
  const source = payloadSource(payload);
  let bytes = payload.bytes.length;
  for (const file of weightFiles ?? []) bytes += (await source.siblingSize(file)) ?? 0;
  return bytes;
}
