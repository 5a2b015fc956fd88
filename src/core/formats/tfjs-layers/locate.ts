import { visit } from 'jsonc-parser';
import type { TextRange } from '../format';
import type { JsonPath } from '../tfjs/json';
import { nestsTooDeep } from '../tfjs/nesting';

/** A layer's name in the text: which layer of which layer it is, by indices, and what it is called. */
interface NamedPlace {
  readonly name: string;
  readonly range: TextRange;
}

/** Ranges of layers of the graph, each at its name; a repeated call of a shared layer stands at that layer. */
export function locateLayers(text: string, layerNames: readonly string[]): ReadonlyMap<string, TextRange> {
  const ranges = rangesByPath(namedPlaces(text));
  return new Map(
    layerNames.flatMap((name) => {
      const range = ranges.get(name) ?? ranges.get(name.replace(/ \(call \d+\)$/, ''));
      return range === undefined ? [] : [[name, range] as const];
    }),
  );
}

/** The first `"name": "…"` property of every layer, by the layer's indices from the outermost model inwards; the text may be damaged. */
function namedPlaces(text: string): ReadonlyMap<string, NamedPlace> {
  const places = new Map<string, NamedPlace>();
  if (nestsTooDeep(text)) return places;
  let property: number | undefined;
  visit(text, {
    onObjectProperty: (name, offset) => {
      property = name === 'name' ? offset : undefined;
    },
    onLiteralValue: (value, offset, length, _line, _character, path) => {
      const start = property;
      property = undefined;
      if (start === undefined || typeof value !== 'string') return;
      const indices = namedLayer(path());
      if (indices === undefined || places.has(indices.join('/'))) return;
      places.set(indices.join('/'), { name: value, range: { offset: start, length: offset + length - start } });
    },
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
function namedLayer(path: JsonPath): readonly number[] | undefined {
  if (path[0] !== 'modelTopology') return undefined;
  const indices: number[] = [];
  let rest = path[1] === 'model_config' ? path.slice(2) : path.slice(1);
  for (;;) {
    if (indices.length > 0 && (rest.join('.') === 'name' || rest.join('.') === 'config.name')) return indices;
    const list = rest[1] === 'layers' ? rest.slice(2) : rest.slice(1);
    const [index, ...inside] = list;
    if (rest[0] !== 'config' || typeof index !== 'number') return undefined;
    indices.push(index);
    rest = inside;
  }
}
