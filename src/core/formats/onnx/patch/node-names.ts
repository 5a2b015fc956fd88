import { FreeNames } from '../../free-names';
import { layerNames } from '../read/layer-names';
import type { OnnxGraph } from '../wire/proto';

/** The names of a graph's nodes and tensors. Node indices count in file order. */
export interface NodeNames {
  nodeOfLayer(layer: string): number | undefined;
  /** A free name that starts with `wanted`, kept for the caller; it may be extended by suffixes that start with `_`. */
  newName(wanted: string): string;
}

/** Indexes the main graph. */
export function nodeNames(graph: OnnxGraph): NodeNames {
  const indices = new Map(layerNames(graph).map((name, index) => [name, index]));
  const free = new FreeNames(namesIn(graph));
  return {
    nodeOfLayer: (layer) => indices.get(layer),
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
