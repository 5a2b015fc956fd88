import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { ModelError } from '../format';
import { isJsonArray, isJsonObject, stringAt, type Json, type JsonObject, type JsonPath } from './json';
import { nestsTooDeep } from './nesting';

/** Which output of which call of a layer is read. */
export interface TensorReference {
  readonly layer: string;
  /** Index among the layer's calls. */
  readonly call: number;
  /** Index among the call's outputs. */
  readonly output: number;
}

/** One layer of the file. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** What each call reads, in file order; a sequential model's layers are called once, on the layer before. */
  readonly calls: readonly (readonly TensorReference[])[];
}

/** A layers-model as its JSON says it, before shapes. */
export interface KerasTopology {
  readonly kind: 'sequential' | 'functional';
  /** Exporter, for example `keras v2.2.4-tf`. */
  readonly producer: string;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
  /** Where the array of layers stands in the document. */
  readonly layersPath: JsonPath;
  /** Where the model's own configuration stands, which holds `output_layers`. */
  readonly configPath: JsonPath;
  readonly weightsManifest: Json | undefined;
}

/** Class names of models, at the top or nested as a layer. */
export const modelClasses: ReadonlySet<string> = new Set(['Sequential', 'Model', 'Functional']);

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
  const modelPath: JsonPath = wrapped ? ['modelTopology', 'model_config'] : ['modelTopology'];
  const className = stringAt(model, 'class_name') ?? '';
  if (!modelClasses.has(className)) return fail(`the class of the model is "${className}", not Sequential, Model or Functional`);
  const { config } = model;
  const bare = isJsonArray(config);
  const nodes = bare ? config : isJsonObject(config) ? config['layers'] : undefined;
  if (!isJsonArray(nodes)) return fail('its configuration has no array of layers');
  const kind = className === 'Sequential' ? 'sequential' : 'functional';
  const layers = nodes.map((node, index) => (isJsonObject(node) ? parseLayer(node, kind, index, path) : fail(`layer ${index} is no object`)));
  if (layers.length === 0) return fail('it has no layers');
  const lastOfName = new Map(layers.map((layer) => [layer.name, layer]));
  const repeated = layers.find((layer) => lastOfName.get(layer.name) !== layer);
  if (repeated !== undefined) return fail(`two layers are named "${repeated.name}"`);
  const ends = (key: string): readonly TensorReference[] =>
    isJsonObject(config) ? parseEnds(config[key], () => fail(`"${key}" does not list layers`)) : [];
  const configPath = [...modelPath, 'config'];
  return {
    kind,
    producer: stringAt(root, 'generatedBy') ?? [stringAt(topology, 'backend'), stringAt(topology, 'keras_version')].filter(Boolean).join(' keras '),
    layers: kind === 'sequential' ? chained(layers) : layers,
    inputs: kind === 'sequential' ? [] : ends('input_layers'),
    outputs: kind === 'sequential' ? [] : ends('output_layers'),
    layersPath: bare ? configPath : [...configPath, 'layers'],
    configPath,
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

function parseLayer(node: JsonObject, kind: KerasTopology['kind'], index: number, path: string): KerasLayer {
  const className = stringAt(node, 'class_name');
  const config = isJsonObject(node['config']) ? node['config'] : {};
  const name = stringAt(node, 'name') ?? stringAt(config, 'name');
  if (className === undefined || name === undefined) {
    throw new ModelError('malformed', `"${path}" is no valid layers-model: layer ${index} has no class or no name.`);
  }
  const calls = kind === 'functional' ? parseCalls(node['inbound_nodes'], name, path) : [];
  return { className, name, config, calls };
}

function parseCalls(value: Json | undefined, layer: string, path: string): readonly (readonly TensorReference[])[] {
  if (value === undefined) return [];
  const calls = isJsonArray(value) ? value.map((call) => (isJsonArray(call) ? call.map(parseReference) : undefined)) : [undefined];
  return calls.map((call) => {
    if (call?.every((reference) => reference !== undefined) === true) return call;
    throw new ModelError('unsupported', `"${path}" spells the inputs of layer "${layer}" in a form that TensorFlow.js does not load.`);
  });
}

/** `["conv1", 0, 0, {}]` */
function parseReference(value: Json): TensorReference | undefined {
  if (!isJsonArray(value)) return undefined;
  const [layer, call = 0, output = 0] = value;
  if (typeof layer !== 'string' || typeof call !== 'number' || typeof output !== 'number') return undefined;
  return { layer, call, output };
}

/** `[["input", 0, 0]]`, or `["input", 0, 0]` where there is only one. */
function parseEnds(value: Json | undefined, fail: () => never): readonly TensorReference[] {
  if (!isJsonArray(value)) return fail();
  const single = parseReference(value);
  if (single !== undefined) return [single];
  return value.map((entry) => parseReference(entry) ?? fail());
}

function chained(layers: readonly KerasLayer[]): readonly KerasLayer[] {
  return layers.map((layer, index) => {
    const before = layers[index - 1];
    return { ...layer, calls: before === undefined ? [] : [[{ layer: before.name, call: 0, output: 0 }]] };
  });
}
