import type { io } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** A layer, or a model, as the JSON of a layers-model lists it. */
interface ListedLayer {
  readonly name?: string;
  readonly class_name?: string;
  /** A sequential model's may be the bare list of its layers. */
  readonly config?: ListedConfig | readonly ListedLayer[];
  readonly inbound_nodes?: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

interface ListedConfig {
  readonly name?: string;
  readonly layer?: ListedLayer;
  readonly layers?: readonly ListedLayer[];
  readonly output_layers?: readonly unknown[];
}

/** As much of a layer as is known: of a model inside the model, maybe only some of its layers. */
interface KnownLayer {
  readonly layer: ListedLayer;
  readonly isWhole: boolean;
}

/**
 * The part of a layers-model that TensorFlow.js has the classes of: all layers but those of classes that somebody registers in a program
 * of their own, and those behind them; so too in the models inside it. Undefined where nothing is left, and where all of it is known.
 */
export function knownPart(tf: TensorFlow, artifacts: io.ModelArtifacts): io.ModelArtifacts | undefined {
  const topology = artifacts.modelTopology as (ListedLayer & { readonly model_config?: ListedLayer }) | undefined;
  const model = topology?.model_config ?? topology;
  const known = model === undefined || layersOf(model) === undefined ? undefined : knownLayer(tf, model);
  if (known === undefined || known.isWhole) return undefined;
  return { ...artifacts, modelTopology: topology?.model_config === undefined ? known.layer : { ...topology, model_config: known.layer } };
}

/** Undefined where nothing of it is known. */
function knownLayer(tf: TensorFlow, layer: ListedLayer): KnownLayer | undefined {
  const { class_name: name = '' } = layer;
  if (!(name in tf.serialization.SerializationMap.getMap().classNameMap)) return undefined;
  const wrapped = configOf(layer).layer;
  if (wrapped !== undefined) return knownLayer(tf, wrapped)?.isWhole === true ? { layer, isWhole: true } : undefined;
  const layers = layersOf(layer);
  if (layers === undefined) return { layer, isWhole: true };
  const known = layers.map((inner) => knownLayer(tf, inner));
  const kept = name === 'Sequential' ? beginning(known) : inFront(known);
  if (kept.length === layers.length && kept.every(({ isWhole }) => isWhole)) return { layer, isWhole: true };
  return kept.every((inner) => inner.layer.class_name === 'InputLayer') ? undefined : { layer: withLayers(layer, kept), isWhole: false };
}

/** Of a chain, what stands in front of the first layer that is not known. */
function beginning(layers: readonly (KnownLayer | undefined)[]): readonly KnownLayer[] {
  const end = layers.findIndex((layer) => layer?.isWhole !== true);
  const last = end < 0 ? undefined : layers[end];
  return [...layers.slice(0, end < 0 ? layers.length : end), ...(last === undefined ? [] : [last])].filter((layer) => layer !== undefined);
}

/** Of a graph, the layers that do not follow from one that is not known. */
function inFront(layers: readonly (KnownLayer | undefined)[]): readonly KnownLayer[] {
  let kept = layers.filter((layer) => layer !== undefined);
  for (let count = -1; count !== kept.length;) {
    count = kept.length;
    const whole = new Set(kept.flatMap(({ layer, isWhole }) => (isWhole ? [nameOf(layer)] : [])));
    kept = kept.filter(({ layer }) => readsOf(layer).every((name) => whole.has(name)));
  }
  return kept;
}

/** A model with some of its layers; what nothing of them reads is what it gives. */
function withLayers(model: ListedLayer, kept: readonly KnownLayer[]): ListedLayer {
  const layers = kept.map(({ layer }) => layer);
  if (Array.isArray(model.config)) return { ...model, config: layers };
  const { output_layers: outputs } = configOf(model);
  return {
    ...model,
    config: { ...configOf(model), layers, ...(outputs !== undefined && { output_layers: leavesOf(layers) }) },
  };
}

/** Layers that nothing reads, by their first calls. */
function leavesOf(layers: readonly ListedLayer[]): readonly (readonly [string, number, number])[] {
  const read = new Set(layers.flatMap(readsOf));
  return layers.flatMap((layer) => (read.has(nameOf(layer)) ? [] : [[nameOf(layer), firstCall(layer), 0] as const]));
}

/** A model is born with a call of its own, on its own inputs. */
function firstCall(layer: ListedLayer): number {
  return layersOf(layer) === undefined ? 0 : 1;
}

function readsOf({ inbound_nodes: nodes = [] }: ListedLayer): readonly string[] {
  return nodes.flatMap((node) => node.map(([name]) => name));
}

function nameOf(layer: ListedLayer): string {
  return layer.name ?? configOf(layer).name ?? '';
}

function configOf({ config }: ListedLayer): ListedConfig {
  return config === undefined || isList(config) ? {} : config;
}

function layersOf({ config }: ListedLayer): readonly ListedLayer[] | undefined {
  return config !== undefined && isList(config) ? config : config?.layers;
}

function isList(config: NonNullable<ListedLayer['config']>): config is readonly ListedLayer[] {
  return Array.isArray(config);
}
