import { requireWithin } from '../../../limits';
import { ModelError } from '../../../model-error';
import { isJsonArray, isJsonObject, stringAt, type Json, type JsonObject, type JsonPath } from '../../tfjs/json';

/** Which output of which call of a layer is read, as the file counts. */
export interface TensorReference {
  readonly layer: string;
  /** Index among the layer's calls; for a model as a layer see `callNumber`. */
  readonly call: number;
  /** Index among the call's outputs. */
  readonly output: number;
}

/** One layer of a model. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** What each call reads, in file order; a sequential model's layers are called once, on the layer before. */
  readonly calls: readonly (readonly TensorReference[])[];
  /** The layers inside, where the layer is a model itself. */
  readonly model?: KerasModel;
}

/** A model as its JSON says it, the whole file's or one that is a layer of another. */
export interface KerasModel {
  readonly kind: 'sequential' | 'functional';
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
  /** Where the array of layers stands in the document. */
  readonly layersPath: JsonPath;
  /** Where the model's own configuration stands, which holds `output_layers`. */
  readonly configPath: JsonPath;
}

/** Class names of models, at the top or nested as a layer. */
export const modelClasses: ReadonlySet<string> = new Set(['Sequential', 'Model', 'Functional']);

/**
 * Index of the referenced call. A model is born with a node for its own inputs, so that its first call as a layer is the
 * node 1 of the file.
 */
export function callNumber(layer: KerasLayer, reference: TensorReference): number {
  return layer.model === undefined ? reference.call : Math.max(0, reference.call - 1);
}

/**
 * Parses a model and the models inside it.
 * @param node `{class_name, config}` @param nodePath where that object stands @param around number of models around this one
 * @throws ModelError `malformed`, `unsupported` or `too-large`
 */
export function parseModel(node: JsonObject, nodePath: JsonPath, path: string, around = 0): KerasModel {
  requireWithin('modelNesting', around + 1, path);
  const fail = (what: string): never => {
    throw new ModelError('malformed', `"${path}" is no valid layers-model: ${what}.`);
  };
  const className = stringAt(node, 'class_name') ?? '';
  if (!modelClasses.has(className)) return fail(`the class of the model is "${className}", not Sequential, Model or Functional`);
  const { config } = node;
  const nodes = layerNodes(node);
  if (nodes === undefined) return fail('its configuration has no array of layers');
  requireWithin('nodes', nodes.length, path);
  const kind = className === 'Sequential' ? 'sequential' : 'functional';
  const configPath = [...nodePath, 'config'];
  const layersPath = isJsonArray(config) ? configPath : [...configPath, 'layers'];
  const layers = nodes.map((layer, index) =>
    isJsonObject(layer) ? parseLayer(layer, kind, [...layersPath, index], path, around) : fail(`layer ${index} is no object`),
  );
  if (layers.length === 0) return fail('it has no layers');
  const lastOfName = new Map(layers.map((layer) => [layer.name, layer]));
  const repeated = layers.find((layer) => lastOfName.get(layer.name) !== layer);
  if (repeated !== undefined) return fail(`two layers are named "${repeated.name}"`);
  const ends = (key: string): readonly TensorReference[] =>
    isJsonObject(config) ? parseEnds(config[key], () => fail(`"${key}" does not list layers`)) : [];
  return {
    kind,
    layers: kind === 'sequential' ? chained(layers) : layers,
    inputs: kind === 'sequential' ? [] : ends('input_layers'),
    outputs: kind === 'sequential' ? [] : ends('output_layers'),
    layersPath,
    configPath,
  };
}

/** A sequential model's configuration may be the bare list. */
function layerNodes({ config }: JsonObject): readonly Json[] | undefined {
  const nodes = isJsonObject(config) ? config['layers'] : config;
  return isJsonArray(nodes) ? nodes : undefined;
}

function parseLayer(node: JsonObject, kind: KerasModel['kind'], nodePath: JsonPath, path: string, around: number): KerasLayer {
  const className = stringAt(node, 'class_name');
  const config = isJsonObject(node['config']) ? node['config'] : {};
  const name = stringAt(node, 'name') ?? stringAt(config, 'name');
  const index = nodePath.at(-1) ?? 0;
  const isModel = className !== undefined && modelClasses.has(className) && (layerNodes(node)?.length ?? 0) > 0;
  if (className === undefined || (name === undefined && !isModel)) {
    throw new ModelError('malformed', `"${path}" is no valid layers-model: layer ${index} has no class or no name.`);
  }
  requireWithin('nameLength', name?.length ?? 0, path);
  // A bare list leaves a nested model no place for a name.
  const shown = name ?? `${className.toLowerCase()}_${index}`;
  const calls = kind === 'functional' ? parseCalls(node['inbound_nodes'], shown, path) : [];
  return { className, name: shown, config, calls, ...(isModel && { model: parseModel(node, nodePath, path, around + 1) }) };
}

function parseCalls(value: Json | undefined, layer: string, path: string): readonly (readonly TensorReference[])[] {
  if (value === undefined) return [];
  const calls = isJsonArray(value) ? value.map((call) => (isJsonArray(call) ? call.map(parseReference) : undefined)) : [undefined];
  return calls.map((call) => {
    requireWithin('tensorsPerNode', call?.length ?? 0, path);
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
    return { ...layer, calls: before === undefined ? [] : [[{ layer: before.name, call: before.model === undefined ? 0 : 1, output: 0 }]] };
  });
}
