import { visit } from 'jsonc-parser';
import type { TextRange } from '../format';
import type { JsonPath } from './json';
import { nestsTooDeep } from './nesting';

/** The `"name": "…"` property of every layer of the outermost model, by layer name, in one pass over the text, which may be damaged. */
export function locateLayers(text: string): ReadonlyMap<string, TextRange> {
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

/** The range of one layer of the graph; a repeated call of a shared layer stands at that layer. */
export function locateLayer(text: string, layerName: string): TextRange | undefined {
  const ranges = locateLayers(text);
  return ranges.get(layerName) ?? ranges.get(layerName.replace(/ \(call \d+\)$/, ''));
}

/** Paths as they occur: `…config.layers[i].name`, `…config.layers[i].config.name`, and `config[i]…` in old sequential files. */
function namesLayer(path: JsonPath): boolean {
  const steps = path[1] === 'model_config' ? path.slice(2) : path.slice(1);
  if (path[0] !== 'modelTopology' || steps[0] !== 'config') return false;
  const rest = steps[1] === 'layers' ? steps.slice(2) : steps.slice(1);
  const [index, ...inside] = rest;
  return typeof index === 'number' && (inside.join('.') === 'name' || inside.join('.') === 'config.name');
}
