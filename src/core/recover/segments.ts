import type { Layer, ModelGraph } from '../graph/model-graph';

/** A part of a model that is run at once. */
export interface Segment {
  /** Names of its layers, in the graph's order. */
  readonly layers: readonly string[];
  /** Tensors of earlier segments, or the model's inputs, that it reads. */
  readonly feeds: readonly string[];
  /** Tensors that are wanted of it, now or by later segments. */
  readonly fetches: readonly string[];
}

/**
 * Cuts a model into parts, so that after each some tensors are known. Every layer runs once, as late as the cuts allow; layers that
 * no cut needs are left out.
 *
 * @param cuts the tensors wanted after each part
 */
export function segmentsOf(graph: ModelGraph, cuts: readonly (readonly string[])[]): readonly Segment[] {
  const producers = new Map(graph.layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer] as const)));
  const done = new Set<Layer>();
  const members = cuts.map((wanted) => {
    const needed = newAncestors(producers, wanted, done);
    for (const layer of needed) done.add(layer);
    return graph.layers.filter((layer) => needed.has(layer));
  });
  return members.map((layers, index) => {
    const own = new Set(layers.flatMap(({ outputs }) => outputs));
    const later = new Set([
      ...members.slice(index + 1).flatMap((rest) => rest.flatMap(({ inputs }) => inputs)),
      ...cuts.slice(index).flat(),
    ]);
    return {
      layers: layers.map(({ name }) => name),
      feeds: [...new Set(layers.flatMap(({ inputs }) => inputs.filter((tensor) => !own.has(tensor))))],
      fetches: [...own].filter((tensor) => later.has(tensor)),
    };
  });
}

/** Layers that lead to tensors and have not run yet. */
function newAncestors(producers: ReadonlyMap<string, Layer>, wanted: readonly string[], done: ReadonlySet<Layer>): ReadonlySet<Layer> {
  const found = new Set<Layer>();
  const open = [...wanted];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const layer = producers.get(tensor);
    if (layer === undefined || done.has(layer) || found.has(layer)) continue;
    found.add(layer);
    open.push(...layer.inputs);
  }
  return found;
}
