import type { ModelGraph } from './model-graph';

const known = new WeakMap<ModelGraph, ReadonlyMap<string, string>>();

/**
 * What people call each layer, by its name in the graph, the one place that decides it: the path of its module where the exporter kept
 * that, else the name. Where several layers are of one module, the operator tells them apart, and a number those of one operator.
 */
export function layerLabels(graph: ModelGraph): ReadonlyMap<string, string> {
  const labels = known.get(graph) ?? madeLabels(graph);
  known.set(graph, labels);
  return labels;
}

/** The same of one layer; the name itself for one that the graph does not have. */
export function layerLabel(graph: ModelGraph, name: string): string {
  return layerLabels(graph).get(name) ?? name;
}

/** The layer that a user means by its label, its name or the tensor that it gives, in this order; undefined for none. */
export function layerCalled(graph: ModelGraph, text: string): string | undefined {
  const labelled = [...layerLabels(graph)].find(([, label]) => label === text)?.[0];
  const named = graph.layers.find(({ name }) => name === text) ?? graph.layers.find(({ outputs }) => outputs.includes(text));
  return labelled ?? named?.name;
}

function madeLabels({ layers }: ModelGraph): ReadonlyMap<string, string> {
  const perModule = countsOf(layers.flatMap(({ module }) => module ?? []));
  const taken = countsOf(layers.flatMap(({ module, name }) => (module === undefined ? [name] : [])));
  return new Map(
    layers.map(({ name, op, module }) => {
      if (module === undefined) return [name, name];
      const wanted = perModule.get(module) === 1 ? module : `${module} (${op})`;
      const count = (taken.get(wanted) ?? 0) + 1;
      taken.set(wanted, count);
      return [name, count === 1 ? wanted : `${wanted} #${count}`];
    }),
  );
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
