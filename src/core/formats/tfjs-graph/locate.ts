import { visit } from 'jsonc-parser';
import type { TextRange } from '../format';
import type { JsonPath } from '../tfjs/json';
import { nestsTooDeep } from '../tfjs/nesting';

/** Ranges of nodes, each at its `"name": "…"`; the text may be damaged. */
export function locateNodes(text: string, layerNames: readonly string[]): ReadonlyMap<string, TextRange> {
  const wanted = new Set(layerNames);
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
      if (start === undefined || typeof value !== 'string' || !wanted.has(value) || ranges.has(value) || !isNodeName(path())) return;
      ranges.set(value, { offset: start, length: offset + length - start });
    },
  });
  return ranges;
}

function isNodeName([topology, list, index, key, ...rest]: JsonPath): boolean {
  return topology === 'modelTopology' && list === 'node' && typeof index === 'number' && key === 'name' && rest.length === 0;
}
