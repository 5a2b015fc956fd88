import type { Layer, ModelGraph } from './model-graph';

/** Who writes and who reads each tensor, by name. Built once per graph. */
export interface Dataflow {
  layer(name: string): Layer | undefined;
  producer(tensor: string): Layer | undefined;
  readers(tensor: string): readonly Layer[];
  isModelOutput(tensor: string): boolean;
  /** The layer that ends an activation of several layers which begins at the tensor, where nothing else reads inside. */
  chainFrom(tensor: string): Layer | undefined;
  /** Walks up from a tensor while layers only pad it or pass it on, and names the tensor where that ends. */
  unpadded(tensor: string): string;
}

/** A graph with its dataflow: what judging, planning and pricing work on. */
export interface IndexedGraph {
  readonly graph: ModelGraph;
  readonly flow: Dataflow;
}

/** Builds the dataflow of a graph, once for everything that is done with it. */
export function indexGraph(graph: ModelGraph): IndexedGraph {
  return { graph, flow: dataflow(graph) };
}

function passesOn({ operation }: Layer): boolean {
  return operation.kind === 'pad' || (operation.kind === 'pointwise' && operation.role === 'identity');
}

/** Indexes a graph for questions about neighbours. */
export function dataflow(graph: ModelGraph): Dataflow {
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const producers = new Map(graph.layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer] as const)));
  const readers = new Map<string, Layer[]>();
  for (const layer of graph.layers) {
    for (const tensor of new Set(layer.inputs)) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [layer]);
      else known.push(layer);
    }
  }
  const outputs = new Set(graph.outputs);
  const chains = new Map<string, Layer>();
  for (const layer of graph.layers) {
    if (layer.chain !== undefined && !chains.has(layer.chain.input)) chains.set(layer.chain.input, layer);
  }
  const unpadded = (tensor: string): string => {
    for (let current = tensor; ;) {
      const producer = producers.get(current);
      const input = producer?.inputs[0];
      if (producer === undefined || input === undefined || !passesOn(producer)) return current;
      current = input;
    }
  };
  return {
    unpadded,
    layer: (name) => layers.get(name),
    producer: (tensor) => producers.get(tensor),
    readers: (tensor) => readers.get(tensor) ?? [],
    isModelOutput: (tensor) => outputs.has(tensor),
    chainFrom: (tensor) => chains.get(tensor),
  };
}

/** Walks up from a tensor while layers only pad it or treat each value alone, and names the tensor where that ends. */
export function sourceTensor(flow: Dataflow, tensor: string): string {
  let current = tensor;
  for (;;) {
    const producer = flow.producer(current);
    const input = producer?.inputs[0];
    if (producer === undefined || input === undefined) return current;
    if (producer.operation.kind !== 'pad' && producer.operation.kind !== 'pointwise') return current;
    current = input;
  }
}
