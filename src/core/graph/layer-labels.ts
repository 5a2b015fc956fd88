import { indexGraph } from './dataflow';
import type { Layer, ModelGraph } from './model-graph';

/** A layer by every name that it goes by. */
export interface NamedLayer {
  /** Its name in the graph, as plans and patches know it. */
  readonly layer: string;
  /** What people call it: the path of its module where the exporter kept that, else the name. */
  readonly label: string;
  /** The node (ONNX, graph-models) or the layer (layers-models) of the file. */
  readonly node: string;
  /** The tensor that it gives. */
  readonly tensor: string;
}

/** What people call a layer. */
export function labelOf({ name, label }: Pick<Layer, 'name' | 'label'>): string {
  return label ?? name;
}

/** A layer by all its names. */
export function namedLayer(layer: Layer): NamedLayer {
  return { layer: layer.name, label: labelOf(layer), node: layer.name, tensor: layer.outputs[0] ?? layer.name };
}

/** The names of a layer, out of all that is known of it. */
export function namesOf({ layer, label, node, tensor }: NamedLayer): NamedLayer {
  return { layer, label, node, tensor };
}

/** The same by its name; a name that the graph does not have stands for all of them. */
export function layerNamed(graph: ModelGraph, name: string): NamedLayer {
  const layer = indexGraph(graph).flow.layer(name);
  return layer === undefined ? { layer: name, label: name, node: name, tensor: name } : namedLayer(layer);
}

/** What people call the layer of a name; the name itself where the graph does not have it. */
export function layerLabel(graph: ModelGraph, name: string): string {
  return layerNamed(graph, name).label;
}

/** The layer that a user means by its label, its name or the tensor that it gives, in this order; undefined for none. */
export function layerCalled({ layers }: ModelGraph, text: string): string | undefined {
  const called =
    layers.find((layer) => labelOf(layer) === text) ??
    layers.find(({ name }) => name === text) ??
    layers.find(({ outputs }) => outputs.includes(text));
  return called?.name;
}

/**
 * Labels the layers of a graph, which readers do last, so that everything downstream calls a layer the same: by the path of its module
 * where the exporter kept that, else by its name. Where several layers are of one module, the operator tells them apart, and a number
 * those of one operator.
 */
export function withLabels(layers: readonly Layer[]): readonly Layer[] {
  const perModule = countsOf(layers.flatMap(({ module }) => module ?? []));
  const taken = countsOf(layers.flatMap(({ module, name }) => (module === undefined ? [name] : [])));
  return layers.map((layer) => {
    const { module, op } = layer;
    if (module === undefined) return layer;
    const wanted = perModule.get(module) === 1 ? module : `${module} (${op})`;
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return { ...layer, label: count === 1 ? wanted : `${wanted} #${count}` };
  });
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
