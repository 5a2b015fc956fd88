import { isJsonObject, stringAt, type Json, type JsonObject } from '../../tfjs/json';
import { parseModel, type KerasModel } from './keras-model';
import type { LayerCount } from './layer-count';
import { parseModelJson } from '../../tfjs/model-text';

/** A layers-model as its JSON says it, before shapes. */
export interface KerasTopology extends KerasModel {
  /** The whole document. */
  readonly root: JsonObject;
  /** Exporter, for example `keras v2.2.4-tf`. */
  readonly producer: string;
  readonly weightsManifest: Json | undefined;
}

/** Parses a model.json. @throws ModelError `truncated`, `malformed`, `unsupported` or `too-large` */
export function parseTopology(text: string, path: string, count: LayerCount): KerasTopology {
  const { root, topology } = parseModelJson(text, path, 'layers-model');
  const wrapped = isJsonObject(topology['model_config']);
  const model = wrapped ? (topology['model_config'] as JsonObject) : topology;
  return {
    ...parseModel(model, wrapped ? ['modelTopology', 'model_config'] : ['modelTopology'], { path, count, around: 0 }),
    root,
    producer:
      stringAt(root, 'generatedBy') ?? [stringAt(topology, 'backend'), stringAt(topology, 'keras_version')].filter(Boolean).join(' keras '),
    weightsManifest: root['weightsManifest'],
  };
}
