import type { io } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** A layer as the JSON of a layers-model lists it. */
interface ListedLayer {
  readonly name?: string;
  readonly class_name?: string;
  readonly config?: { readonly name?: string; readonly layer?: ListedLayer; readonly layers?: readonly ListedLayer[] };
  readonly inbound_nodes?: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

interface ListedModel {
  readonly class_name: string;
  readonly config: { readonly layers: readonly ListedLayer[]; readonly output_layers?: readonly unknown[] };
}

/**
 * The part of a layers-model that TensorFlow.js has the classes of: all layers but those of classes that somebody registers in a program
 * of their own, and those behind them. Undefined where nothing is left, and where all of it is known.
 */
export function knownPart(tf: TensorFlow, artifacts: io.ModelArtifacts): io.ModelArtifacts | undefined {
  const topology = artifacts.modelTopology as (Record<string, unknown> & { readonly model_config?: ListedModel }) | undefined;
  const model = topology?.model_config ?? (topology as ListedModel | undefined);
  if (model === undefined || !Array.isArray(model.config.layers)) return undefined;
  const kept = model.class_name === 'Sequential' ? beginning(tf, model.config.layers) : inFront(tf, model.config.layers);
  const isWhole = kept.length === model.config.layers.length;
  if (isWhole || kept.every(({ class_name: name }) => name === 'InputLayer')) return undefined;
  const config = {
    ...model.config,
    layers: kept,
    ...(model.config.output_layers !== undefined && { output_layers: leavesOf(kept).map((name) => [name, 0, 0]) }),
  };
  const part = { ...model, config };
  return { ...artifacts, modelTopology: topology?.model_config === undefined ? part : { ...topology, model_config: part } };
}

/** Of a chain, what stands in front of the first unknown layer. */
function beginning(tf: TensorFlow, layers: readonly ListedLayer[]): readonly ListedLayer[] {
  const end = layers.findIndex((layer) => !isKnown(tf, layer));
  return end < 0 ? layers : layers.slice(0, end);
}

/** Of a graph, the layers that do not follow from an unknown one. */
function inFront(tf: TensorFlow, layers: readonly ListedLayer[]): readonly ListedLayer[] {
  let kept = layers.filter((layer) => isKnown(tf, layer));
  for (let count = -1; count !== kept.length;) {
    count = kept.length;
    const names = new Set(kept.map(nameOf));
    kept = kept.filter((layer) => readsOf(layer).every((name) => names.has(name)));
  }
  return kept;
}

function isKnown(tf: TensorFlow, { class_name: name = '', config }: ListedLayer): boolean {
  const inner = [...(config?.layer === undefined ? [] : [config.layer]), ...(config?.layers ?? [])];
  return name in tf.serialization.SerializationMap.getMap().classNameMap && inner.every((layer) => isKnown(tf, layer));
}

/** Layers that nothing reads. */
function leavesOf(layers: readonly ListedLayer[]): readonly string[] {
  const read = new Set(layers.flatMap(readsOf));
  return layers.map(nameOf).filter((name) => !read.has(name));
}

function readsOf({ inbound_nodes: nodes = [] }: ListedLayer): readonly string[] {
  return nodes.flatMap((node) => node.map(([name]) => name));
}

function nameOf({ name, config }: ListedLayer): string {
  return name ?? config?.name ?? '';
}
