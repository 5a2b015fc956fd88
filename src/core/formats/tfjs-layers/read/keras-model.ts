import { t } from '@vscode/l10n';
import { requireWithin } from '../../../limits';
import { ModelError } from '../../../model-error';
import { isJsonArray, isJsonObject, stringAt, type Json, type JsonObject, type JsonPath } from '../../tfjs/json';
import { kerasKeys } from './keras-keys';
import { parseCalls, parseEnds, type TensorReference } from './keras-references';
import type { LayerCount } from './layer-count';

/** One layer of a model. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** What each call reads, in file order; a sequential model's layers are called once, on the layer before. */
  readonly calls: readonly (readonly TensorReference[])[];
  /** The layers inside, where the layer is a model itself. */
  readonly model?: KerasModel;
  /** Class of the layer that calls this one, whose name and calls it has: `TimeDistributed`, `Bidirectional`. */
  readonly wrapper?: string;
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

/** Class names of layers that call another one, which their configuration holds. */
const wrapperClasses: ReadonlySet<string> = new Set(['TimeDistributed', 'Bidirectional']);

/**
 * Index of the referenced call. A model is born with a node for its own inputs, so that its first call as a layer is the
 * node 1 of the file.
 */
export function callNumber(layer: KerasLayer, { call, countsFromZero = false }: TensorReference): number {
  return isModelItself(layer) && !countsFromZero ? Math.max(0, call - 1) : call;
}

function isModelItself({ model, wrapper }: KerasLayer): boolean {
  return model !== undefined && wrapper === undefined;
}

/** What a model stands in. */
interface Surroundings {
  /** Of the file. */
  readonly path: string;
  readonly count: LayerCount;
  /** Number of models around this one. */
  readonly around: number;
}

function inside({ path, count, around }: Surroundings): Surroundings {
  return { path, count, around: around + 1 };
}

/**
 * Parses a model and the models inside it.
 * @param node `{class_name, config}` @param nodePath where that object stands
 * @throws ModelError `malformed`, `unsupported` or `too-large`
 */
export function parseModel(node: JsonObject, nodePath: JsonPath, within: Surroundings): KerasModel {
  const { path, count, around } = within;
  requireWithin('modelNesting', around + 1, path);
  const fail = (what: string): never => {
    throw new ModelError('malformed', t`"${path}" is no valid layers-model: ${what}.`);
  };
  const className = stringAt(kerasKeys(node), 'class_name') ?? '';
  if (!modelClasses.has(className)) return fail(t`the class of the model is "${className}", not Sequential, Model or Functional`);
  const config = isJsonObject(node['config']) ? kerasKeys(node['config']) : node['config'];
  const nodes = layerNodes(node);
  if (nodes === undefined) return fail(t('its configuration has no array of layers'));
  count.list(nodes.length);
  const kind = className === 'Sequential' ? 'sequential' : 'functional';
  const configPath = [...nodePath, 'config'];
  const layersPath = isJsonArray(config) ? configPath : [...configPath, 'layers'];
  const layers = nodes.map((layer, index) =>
    isJsonObject(layer) ? parseLayer(kerasKeys(layer), kind, [...layersPath, index], within) : fail(t`layer ${index} is no object`),
  );
  if (layers.length === 0) return fail(t('it has no layers'));
  const lastOfName = new Map(layers.map((layer) => [layer.name, layer]));
  const repeated = layers.find((layer) => lastOfName.get(layer.name) !== layer);
  if (repeated !== undefined) return fail(t`two layers are named "${repeated.name}"`);
  const ends = (key: string): readonly TensorReference[] =>
    isJsonObject(config) ? parseEnds(config[key], () => fail(t`"${key}" does not list layers`)) : [];
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

function parseLayer(node: JsonObject, kind: KerasModel['kind'], nodePath: JsonPath, within: Surroundings): KerasLayer {
  const { path } = within;
  const className = stringAt(node, 'class_name');
  const config = isJsonObject(node['config']) ? kerasKeys(node['config']) : {};
  const name = stringAt(node, 'name') ?? stringAt(config, 'name');
  const index = nodePath.at(-1) ?? 0;
  const isModel = holdsModel(node);
  if (className === undefined || (name === undefined && !isModel)) {
    throw new ModelError('malformed', t`"${path}" is no valid layers-model: layer ${index} has no class or no name.`);
  }
  requireWithin('nameLength', name?.length ?? 0, path);
  // A bare list leaves a nested model no place for a name.
  const shown = name ?? `${className.toLowerCase()}_${index}`;
  const calls = kind === 'functional' ? parseCalls(node['inbound_nodes'], shown, path) : [];
  const layer = { className, name: shown, config, calls };
  if (isModel) return { ...layer, model: parseModel(node, nodePath, inside(within)) };
  return wrapperClasses.has(className) ? unwrapped(layer, nodePath, within) : layer;
}

function holdsModel(node: JsonObject): boolean {
  return modelClasses.has(stringAt(kerasKeys(node), 'class_name') ?? '') && (layerNodes(node)?.length ?? 0) > 0;
}

/** The layer inside a wrapper, by the wrapper's name, calls and declared input. */
function unwrapped(layer: KerasLayer, nodePath: JsonPath, within: Surroundings): KerasLayer {
  const inner = isJsonObject(layer.config['layer']) ? kerasKeys(layer.config['layer']) : undefined;
  const className = inner && stringAt(inner, 'class_name');
  if (inner === undefined || className === undefined) return layer;
  const declared = Object.entries(layer.config).filter(
    ([key]) => key === 'batch_input_shape' || key === 'batch_shape' || key === 'merge_mode',
  );
  return {
    ...layer,
    className,
    wrapper: layer.className,
    config: { ...(isJsonObject(inner['config']) ? kerasKeys(inner['config']) : {}), ...Object.fromEntries(declared) },
    ...(holdsModel(inner) && { model: parseModel(inner, [...nodePath, 'config', 'layer'], inside(within)) }),
  };
}

function chained(layers: readonly KerasLayer[]): readonly KerasLayer[] {
  return layers.map((layer, index) => {
    const before = layers[index - 1];
    return { ...layer, calls: before === undefined ? [] : [[{ layer: before.name, call: isModelItself(before) ? 1 : 0, output: 0 }]] };
  });
}
