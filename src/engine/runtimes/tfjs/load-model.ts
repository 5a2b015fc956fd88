import type { GraphModel, io, LayersModel } from '@tensorflow/tfjs';
import { ModelError } from '../../../core/model-error';
import type { ModelPayload } from '../../protocol/payload';
import { payloadSource } from '../../input/source';
import type { TensorFlow } from './tensorflow';

/**
 * Loads a layers-model into stock TensorFlow.js from the payload alone.
 * @throws ModelError where a shard is missing or TensorFlow.js does not accept the model
 */
export async function loadLayersModel(tf: TensorFlow, payload: ModelPayload): Promise<LayersModel> {
  const artifacts = await readArtifacts(payload);
  return refusing(payload, () => tf.loadLayersModel({ load: () => Promise.resolve(artifacts) }));
}

/** The same for a graph-model. */
export async function loadGraphModel(tf: TensorFlow, payload: ModelPayload): Promise<GraphModel> {
  const artifacts = await readArtifacts(payload);
  return refusing(payload, () => tf.loadGraphModel({ load: () => Promise.resolve(artifacts) }));
}

/** The file and its weights as TensorFlow.js takes them. @throws ModelError `missing-weights` */
export async function readArtifacts(payload: ModelPayload): Promise<io.ModelArtifacts> {
  const { weightsManifest, ...json } = JSON.parse(new TextDecoder().decode(payload.bytes)) as io.ModelJSON;
  const manifest = weightsManifest as io.WeightsManifestConfig | undefined;
  const shards = await readShards(payload, manifest ?? []);
  return { ...json, weightSpecs: (manifest ?? []).flatMap(({ weights }) => weights), weightData: joined(shards) };
}

/** Gives back a model's memory, also the weights of nested models that are called several times, which TensorFlow.js (4.22) forgets. */
export function disposeModel(model: LayersModel): void {
  const values = model.weights.map((variable) => variable.read());
  model.dispose();
  for (const value of values) if (!value.isDisposed) value.dispose();
}

async function readShards(payload: ModelPayload, manifest: io.WeightsManifestConfig): Promise<readonly Uint8Array[]> {
  const source = payloadSource(payload);
  const shards: Uint8Array[] = [];
  for (const path of manifest.flatMap(({ paths }) => paths)) {
    const bytes = await source.readSibling(path);
    if (bytes === undefined)
      throw new ModelError('missing-weights', `"${payload.path}" needs the weight file "${path}", which does not exist.`);
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

/** TensorFlow.js reports what it cannot do by plain errors of several sentences: the first becomes ours. */
export async function refusing<T>(payload: ModelPayload, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ModelError) throw error;
    const [cause = ''] = (error instanceof Error ? error.message : String(error)).split(/\n|(?<=\.)\s/);
    throw new ModelError('unsupported', `TensorFlow.js cannot run "${payload.path}": ${cause.trim().replace(/\.$/, '')}.`);
  }
}
