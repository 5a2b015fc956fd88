import type { TextRange } from '../format';
import type { JsonPath } from '../tfjs/json';
import { visitNames, type NamedPlace } from '../tfjs/named-places';

/** Ranges of layers of the graph, each at its name; a repeated call of a shared layer stands at that layer. */
export function locateLayers(text: string, layerNames: readonly string[]): ReadonlyMap<string, TextRange> {
  const ranges = rangesByPath(namedLayers(text));
  return new Map(
    layerNames.flatMap((name) => {
      const range = ranges.get(name) ?? ranges.get(name.replace(/ \(call \d+\)$/, ''));
      return range === undefined ? [] : [[name, range] as const];
    }),
  );
}

/** The first name of every layer, by the layer's indices from the outermost model inwards; the text may be damaged. */
function namedLayers(text: string): ReadonlyMap<string, NamedPlace> {
  const places = new Map<string, NamedPlace>();
  visitNames(text, (place) => {
    const indices = indicesOf(place.path())?.join('/');
    if (indices !== undefined && !places.has(indices)) places.set(indices, place);
  });
  return places;
}

/** The same by names, `outer/inner`: a name may stand behind the layers inside. */
function rangesByPath(places: ReadonlyMap<string, NamedPlace>): ReadonlyMap<string, TextRange> {
  const ranges = new Map<string, TextRange>();
  for (const [indices, { range }] of places) {
    const steps = indices.split('/');
    const names = steps.map((_, depth) => places.get(steps.slice(0, depth + 1).join('/'))?.name ?? '');
    const path = names.join('/');
    if (!ranges.has(path)) ranges.set(path, range);
  }
  return ranges;
}

/**
 * Indices of the layer that a name belongs to, undefined for names of anything else. Paths as they occur:
 * `…config.layers[i].name`, `…config.layers[i].config.name`, `config[i]…` in old sequential files, and the same again inside.
 */
function indicesOf(path: JsonPath): readonly number[] | undefined {
  if (path[0] !== 'modelTopology') return undefined;
  const indices: number[] = [];
  let rest = path[1] === 'model_config' ? path.slice(2) : path.slice(1);
  for (;;) {
    if (indices.length > 0 && (rest.join('.') === 'name' || rest.join('.') === 'config.name')) return indices;
    // A layer that calls another one holds it in its configuration.
    if (rest[0] === 'config' && rest[1] === 'layer') rest = rest.slice(2);
    const list = rest[1] === 'layers' ? rest.slice(2) : rest.slice(1);
    const [index, ...inside] = list;
    if (rest[0] !== 'config' || typeof index !== 'number') return undefined;
    indices.push(index);
    rest = inside;
  }
}
