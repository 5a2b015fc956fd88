import type { ModelGraph } from '../../graph/model-graph';

/** More maps than these in front of a layer tell a reader nothing, and would make the work quadratic in the graph. */
const mostMaps = 16;
const none: ReadonlySet<string> = new Set();

/**
 * Says of each layer which maps it is made of: the measured layers that are nearest upstream, by their names, with nothing
 * but layers without a map in between. A layer that reads the image alone has none. Linear in the graph.
 */
export function withMapsBefore<Measured extends { readonly name: string; readonly tensor: string }>(
  graph: ModelGraph,
  layers: readonly Measured[],
): readonly (Measured & { readonly before: readonly string[] })[] {
  const measured = new Map(layers.map((layer) => [layer.tensor, layer]));
  const nearest = new Map<string, ReadonlySet<string>>();
  const before = new Map<string, ReadonlySet<string>>();
  for (const { inputs, outputs } of graph.layers) {
    const read = union(inputs.map((tensor) => nearest.get(tensor) ?? none));
    for (const tensor of outputs) {
      const own = measured.get(tensor);
      if (own !== undefined) before.set(tensor, read);
      nearest.set(tensor, own === undefined ? read : new Set([own.name]));
    }
  }
  return layers.map((layer) => ({ ...layer, before: [...(before.get(layer.tensor) ?? none)] }));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const some = sets.filter(({ size }) => size > 0);
  const [only] = some;
  if (only === undefined || some.every((set) => set === only)) return only ?? none;
  const all = new Set<string>();
  for (const name of some.flatMap((set) => [...set])) if (all.size < mostMaps) all.add(name);
  return all;
}
