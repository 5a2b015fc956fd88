import { modelCost, type LayerCost } from './cost';
import type { Layer, ModelGraph } from './model-graph';

/** Who writes and who reads each tensor, by name. Built once per graph; what is asked of it takes no walk over the graph. */
export interface Dataflow {
  layer(name: string): Layer | undefined;
  /** All calls of the layer that this is a call of, the first one first; the layer alone where it is called once. */
  calls(layer: Layer): readonly Layer[];
  producer(tensor: string): Layer | undefined;
  readers(tensor: string): readonly Layer[];
  isModelInput(tensor: string): boolean;
  isModelOutput(tensor: string): boolean;
  /** All layers that the file lists at one place, itself included: more than one in a model that is called several times. */
  listedWith(layer: Layer): readonly Layer[];
  /** The layer that ends an activation of several layers which begins at the tensor, where nothing else reads inside. */
  chainFrom(tensor: string): Layer | undefined;
  /** Walks up from a tensor while layers only pad it or pass it on, and names the tensor where that ends. */
  unpadded(tensor: string): string;
  /** Walks up from a tensor while layers only pad it, move its channels or treat each position alone, and names where that ends. */
  source(tensor: string): string;
}

/** A graph with its dataflow: what judging, planning, pricing and measuring work on. */
export interface IndexedGraph {
  readonly graph: ModelGraph;
  readonly flow: Dataflow;
  /** What the whole model costs for one image, added up when first asked; undefined where a length of any layer is open. */
  readonly cost: () => LayerCost | undefined;
}

const indexed = new WeakMap<ModelGraph, IndexedGraph>();

/** The graph with its dataflow. A graph never changes, so it is indexed once, whoever asks, and the index lives as long as the graph. */
export function indexGraph(graph: ModelGraph): IndexedGraph {
  const known = indexed.get(graph) ?? { graph, flow: dataflow(graph), cost: once(() => modelCost(graph)) };
  indexed.set(graph, known);
  return known;
}

/** Indexes a graph for questions about neighbours. */
function dataflow({ layers, inputs, outputs }: ModelGraph): Dataflow {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const producers = new Map(layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer] as const)));
  const readers = grouped(layers, (layer) => new Set(layer.inputs));
  const calls = once(() => grouped(layers, (layer) => [ownName(layer)]));
  const listed = once(() => grouped(layers, ({ listedAs }) => (listedAs === undefined ? [] : [listedAs])));
  const chains = chainsOf(layers);
  const [modelInputs, modelOutputs] = [new Set(inputs), new Set(outputs)];
  return {
    layer: (name) => byName.get(name),
    calls: (layer) => ((layer.calls ?? 1) > 1 ? (calls().get(ownName(layer)) ?? [layer]) : [layer]),
    producer: (tensor) => producers.get(tensor),
    readers: (tensor) => readers.get(tensor) ?? [],
    isModelInput: (tensor) => modelInputs.has(tensor),
    isModelOutput: (tensor) => modelOutputs.has(tensor),
    listedWith: (layer) => (layer.listedAs === undefined ? [layer] : (listed().get(layer.listedAs) ?? [layer])),
    chainFrom: (tensor) => chains.get(tensor),
    unpadded: upwards(
      producers,
      ({ operation }) => operation.kind === 'pad' || (operation.kind === 'pointwise' && operation.role === 'identity'),
    ),
    source: upwards(producers, leavesPositions),
  };
}

/** True for what leaves an image an image: a pad, a transpose to another layout, whatever is done at each position alone. */
function leavesPositions({ operation }: Layer): boolean {
  const { kind } = operation;
  return kind === 'pad' || kind === 'pointwise' || kind === 'channelwise' || (kind === 'opaque' && operation.pads === true);
}

/** Layers by each of their keys, in the graph's order. */
function grouped(layers: readonly Layer[], keysOf: (layer: Layer) => Iterable<string>): ReadonlyMap<string, readonly Layer[]> {
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    for (const key of keysOf(layer)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [layer]);
      else known.push(layer);
    }
  }
  return groups;
}

function chainsOf(layers: readonly Layer[]): ReadonlyMap<string, Layer> {
  const chains = new Map<string, Layer>();
  for (const layer of layers) {
    if (layer.chain !== undefined && !chains.has(layer.chain.input)) chains.set(layer.chain.input, layer);
  }
  return chains;
}

/** The name that all calls of a layer have in common. */
function ownName({ name, callOf }: Layer): string {
  return callOf ?? name;
}

/**
 * Where a walk up ends that goes on over every layer that `passes`, to its first input. A tensor is walked over once, however
 * many walks lead through it.
 */
function upwards(producers: ReadonlyMap<string, Layer>, passes: (layer: Layer) => boolean): (tensor: string) => string {
  const ends = new Map<string, string>();
  return (tensor) => {
    const way: string[] = [];
    for (let current = tensor; ;) {
      const known = ends.get(current);
      const producer = producers.get(current);
      const input = producer !== undefined && passes(producer) ? producer.inputs[0] : undefined;
      if (known === undefined && input !== undefined) {
        way.push(current);
        current = input;
        continue;
      }
      const end = known ?? current;
      for (const passed of way) ends.set(passed, end);
      return end;
    }
  };
}

/** A value that is worked out when first asked for, and then kept. */
function once<T>(work: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: work() }).value;
}
