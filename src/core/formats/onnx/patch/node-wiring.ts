import { FreeNames } from '../../free-names';
import { layerNames } from '../read/layer-names';
import type { OnnxGraph } from '../wire/proto';
import { capturedNames } from '../read/captured-names';

/** Who reads what among the raw nodes, shape arithmetic and nested graphs included. Node indices count in file order. */
export interface NodeWiring {
  readonly graph: OnnxGraph;
  nodeOfLayer(layer: string): number | undefined;
  /** All nodes that read the tensor, by the names that their layers have or would have. */
  readers(tensor: string): readonly string[];
  /** A free name that starts with `wanted`, kept for the caller; it may be extended by suffixes that start with `_`. */
  newName(wanted: string): string;
}

/** Indexes the main graph. */
export function nodeWiring(graph: OnnxGraph): NodeWiring {
  const names = layerNames(graph);
  const indices = new Map(names.map((name, index) => [name, index]));
  const readers = new Map<string, string[]>();
  for (const [index, node] of graph.nodes.entries()) {
    const reader = names[index] ?? '';
    for (const tensor of new Set([...node.inputs, ...capturedNames(node)])) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [reader]);
      else known.push(reader);
    }
  }
  const free = new FreeNames(namesIn(graph));
  return {
    graph,
    nodeOfLayer: (layer) => indices.get(layer),
    readers: (tensor) => readers.get(tensor) ?? [],
    newName: (wanted) => free.take(wanted, (copy) => `${wanted}#${copy + 1}`),
  };
}

/** Every name of a node or tensor, nested graphs included, since those see the outer names. */
function namesIn(graph: OnnxGraph): Set<string> {
  const names = new Set<string>();
  const collect = (part: OnnxGraph): void => {
    for (const item of [...part.inputs, ...part.initializers, ...part.sparseInitializers, ...part.outputs]) names.add(item.name);
    for (const node of part.nodes) {
      names.add(node.name);
      for (const tensor of [...node.inputs, ...node.outputs]) names.add(tensor);
      for (const attribute of node.attributes.values()) attribute.graphs.forEach(collect);
    }
  };
  collect(graph);
  return names;
}
