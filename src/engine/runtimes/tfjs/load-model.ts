import { t } from '@vscode/l10n';
import type { GraphModel, io, LayersModel } from '@tensorflow/tfjs';
import { ModelError } from '../../../core/model-error';
import type { ModelSource, OpenedModel } from '../../../core/formats/format';
import { decodedGraphModel } from '../../../core/formats/tfjs-graph/open';
import { decodedLayersModel } from '../../../core/formats/tfjs-layers/open';
import type { ReadModel } from '../../input/read-model';
import { layerOfUnknownClass, nameFailingLayers } from './failed-layer';
import { knownPart } from './known-part';
import { refusing } from './runtime-error';
import type { TensorFlow } from './tensorflow';

/**
 * Loads a layers-model into stock TensorFlow.js, out of what was parsed as it was opened.
 * @throws ModelError where a shard is missing or TensorFlow.js does not accept the model
 */
export async function loadLayersModel(tf: TensorFlow, read: ReadModel): Promise<LayersModel> {
  return loadedLayers(tf, read, await readArtifacts(read.opened));
}

/**
 * Loads as much of a layers-model as TensorFlow.js has the classes of: the plan of a measurement leaves the others out, by name.
 * @throws ModelError like `loadLayersModel`
 */
export async function loadKnownLayers(tf: TensorFlow, read: ReadModel): Promise<LayersModel> {
  const artifacts = await readArtifacts(read.opened);
  const part = knownPart(tf, artifacts);
  return part === undefined ? loadedLayers(tf, read, artifacts) : loadedLayers(tf, read, part, { strict: false });
}

async function loadedLayers(
  tf: TensorFlow,
  { payload, graph }: ReadModel,
  artifacts: io.ModelArtifacts,
  options?: io.LoadOptions,
): Promise<LayersModel> {
  const model = await refusing(
    payload,
    () => tf.loadLayersModel({ load: () => Promise.resolve(artifacts) }, options),
    (error) => layerOfUnknownClass(graph, error),
  );
  nameFailingLayers(payload, model);
  return model;
}

/** The same for a graph-model. */
export async function loadGraphModel(tf: TensorFlow, { opened, payload }: ReadModel): Promise<GraphModel> {
  const artifacts = await readArtifacts(opened);
  return refusing(payload, () => tf.loadGraphModel({ load: () => Promise.resolve(artifacts) }));
}

/** The file and its weights as TensorFlow.js takes them. @throws ModelError `missing-weights` */
export async function readArtifacts(opened: OpenedModel): Promise<io.ModelArtifacts> {
  // TensorFlow.js only reads this, but for the empty attributes that it adds to nodes without any.
  const { root } = opened.format.id === 'tfjs-graph' ? decodedGraphModel(opened) : decodedLayersModel(opened);
  const { weightsManifest, ...json } = root as unknown as io.ModelJSON;
  const manifest = weightsManifest as io.WeightsManifestConfig | undefined;
  const shards = await readShards(opened.source, manifest ?? []);
  return { ...json, weightSpecs: (manifest ?? []).flatMap(({ weights }) => weights), weightData: joined(shards) };
}

/** Gives back a model's memory, also the weights of nested models that are called several times, which TensorFlow.js (4.22) forgets. */
export function disposeModel(model: LayersModel): void {
  const values = model.weights.map((variable) => variable.read());
  model.dispose();
  for (const value of values) if (!value.isDisposed) value.dispose();
}

async function readShards(source: ModelSource, manifest: io.WeightsManifestConfig): Promise<readonly Uint8Array[]> {
  const shards: Uint8Array[] = [];
  for (const path of manifest.flatMap(({ paths }) => paths)) {
    const bytes = await source.readSibling(path);
    if (bytes === undefined)
      throw new ModelError('missing-weights', t`"${source.path}" needs the weight file "${path}", which does not exist.`);
    shards.push(bytes);
  }
  return shards;
}

function joined(shards: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const shard of shards) {
    whole.set(shard, position);
    position += shard.length;
  }
  return whole.buffer;
}
