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
  /** The model as read. Large copies are put together anew each time, so that those which wait for their turn take no memory. */
  readonly read: () => Promise<ReadModel>;
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

/** Copies up to this size are kept as read: they are read once. */
const keptCopyBytes = 8 * 2 ** 20;

/** Applies the plans of a variant to the model, in memory. @throws ModelError */
export async function variantModel(original: ReadModel, { label, plans, weights = new Map() }: VariantSpec): Promise<VariantModel> {
  const { payload, opened, graph } = original;
  const fileBytes = await bytesOf(payload, graph);
  if (plans.length === 0) return { label, graph, outcomes: [], changed: new Set(), read: () => Promise.resolve(original), fileBytes };
  const patch = await opened.patch(plans);
  const read = async (): Promise<ReadModel> =>
    withWeights(await readModel(await changedPayload(payload, opened, patch), { imageSize: opened.source.imageSize }), weights);
  const copy = await read();
  const applied = new Set(patch.outcomes.flatMap((outcome) => (outcome.ok ? [outcome.layer] : [])));
  return {
    label,
    graph: copy.graph,
    outcomes: patch.outcomes,
    changed: new Set([...plans.flatMap((plan) => (applied.has(plan.layer) ? layersOf(plan) : [])), ...reweighted(copy.graph, weights)]),
    read: keptIfSmall(copy, read),
    fileBytes,
  };
}

/** A model with new weights, in memory. */
export async function withWeights(model: ReadModel, weights: NewWeights): Promise<ReadModel> {
  const { opened, payload } = model;
  return weights.size === 0
    ? model
    : readModel(await changedPayload(payload, opened, await opened.replaceWeights(weights)), { imageSize: opened.source.imageSize });
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

/** A function of its own: closures of one function keep alive what any of them uses. */
function keptIfSmall(copy: ReadModel, read: VariantModel['read']): VariantModel['read'] {
  return bytesInMemory(copy.payload) <= keptCopyBytes ? () => Promise.resolve(copy) : read;
}

/** Bytes of the files that are in memory; the others lie beside the model on disk. */
function bytesInMemory({ bytes, overlay }: ModelPayload): number {
  return Object.values(overlay).reduce((sum, { length }) => sum + length, bytes.length);
}
