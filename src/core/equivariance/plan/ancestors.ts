import type { Layer, ModelGraph } from '../../graph/model-graph';

/** What leads to some tensors of a graph. */
export interface Ancestors {
  /** In topological order. */
  readonly layers: readonly Layer[];
  /** All that these layers read, and the tensors themselves. */
  readonly tensors: ReadonlySet<string>;
}

/** The layers that compute some tensors, and whatever these layers need. */
export function ancestors(graph: ModelGraph, wanted: Iterable<string>): Ancestors {
  const tensors = new Set(wanted);
  const layers: Layer[] = [];
  for (const layer of graph.layers.toReversed()) {
    if (!layer.outputs.some((tensor) => tensors.has(tensor))) continue;
    layers.push(layer);
    for (const tensor of layer.inputs) tensors.add(tensor);
  }
  return { layers: layers.reverse(), tensors };
}
