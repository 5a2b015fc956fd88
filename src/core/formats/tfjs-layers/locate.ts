import { visit } from 'jsonc-parser';
import type { TextRange } from '../format';
import type { JsonPath } from './json';
import { nestsTooDeep } from './nesting';

/** The `"name": "…"` property of every layer of the outermost model, by layer name; the text may be damaged. */
function nameProperties(text: string): ReadonlyMap<string, TextRange> {
  const ranges = new Map<string, TextRange>();
  if (nestsTooDeep(text)) return ranges;
  let property: number | undefined;
  visit(text, {
    onObjectProperty: (name, offset) => {
      property = name === 'name' ? offset : undefined;
    },
    onLiteralValue: (value, offset, length, _line, _character, path) => {
      const start = property;
      property = undefined;
      if (start === undefined || typeof value !== 'string' || ranges.has(value) || !namesLayer(path())) return;
      ranges.set(value, { offset: start, length: offset + length - start });
    },
  });
  return ranges;
}

/** Ranges of layers of the graph, each at its name; a repeated call of a shared layer stands at that layer. */
export function locateLayers(text: string, layerNames: readonly string[]): ReadonlyMap<string, TextRange> {
  const ranges = nameProperties(text);
  return new Map(
    layerNames.flatMap((name) => {
      const range = ranges.get(name) ?? ranges.get(name.replace(/ \(call \d+\)$/, ''));
      return range === undefined ? [] : [[name, range] as const];
    }),
  );
}

/** Paths as they occur: `…config.layers[i].name`, `…config.layers[i].config.name`, and `config[i]…` in old sequential files. */
function namesLayer(path: JsonPath): boolean {
  const steps = path[1] === 'model_config' ? path.slice(2) : path.slice(1);
  if (path[0] !== 'modelTopology' || steps[0] !== 'config') return false;
  const rest = steps[1] === 'layers' ? steps.slice(2) : steps.slice(1);
  const [index, ...inside] = rest;
  return typeof index === 'number' && (inside.join('.') === 'name' || inside.join('.') === 'config.name');
}
