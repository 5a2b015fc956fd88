import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { ModelError } from '../format';
import { isJsonObject, stringAt, type Json, type JsonObject } from './json';
import { parseModel, type KerasModel } from './keras-model';
import { nestsTooDeep } from './nesting';

/** A layers-model as its JSON says it, before shapes. */
export interface KerasTopology extends KerasModel {
  /** Exporter, for example `keras v2.2.4-tf`. */
  readonly producer: string;
  readonly weightsManifest: Json | undefined;
}

/** Decodes UTF-8 as the whole format does, so that offsets mean the same everywhere. @throws ModelError `malformed` */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return getTextEncoding().decodeUtf8(bytes);
  } catch {
    throw new ModelError('malformed', `"${path}" is not UTF-8 text.`);
  }
}

/** Parses a model.json. @throws ModelError `truncated`, `malformed` or `unsupported` */
export function parseTopology(text: string, path: string): KerasTopology {
  const root = parseJson(text, path);
  const fail = (what: string): never => {
    throw new ModelError('malformed', `"${path}" is no valid layers-model: ${what}.`);
  };
  if (nestsTooDeep(text)) return fail('its JSON is nested deeper than any model');
  if (!isJsonObject(root) || !isJsonObject(root['modelTopology'])) return fail('it has no "modelTopology" object');
  const topology = root['modelTopology'];
  const wrapped = isJsonObject(topology['model_config']);
  const model = wrapped ? (topology['model_config'] as JsonObject) : topology;
  return {
    ...parseModel(model, wrapped ? ['modelTopology', 'model_config'] : ['modelTopology'], path),
    producer: stringAt(root, 'generatedBy') ?? [stringAt(topology, 'backend'), stringAt(topology, 'keras_version')].filter(Boolean).join(' keras '),
    weightsManifest: root['weightsManifest'],
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const cutOff = !/[}\]]\s*$/.test(text) || /end of JSON|Unterminated/i.test(cause);
    throw cutOff
      ? new ModelError('truncated', `"${path}" ends in the middle of its JSON text: the file is incomplete.`)
      : new ModelError('malformed', `"${path}" is no valid JSON: ${cause.replace(/\s+/g, ' ')}.`);
  }
}
