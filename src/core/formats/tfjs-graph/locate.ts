import type { TextRange } from '../format';
import type { JsonPath } from '../tfjs/json';
import { visitNames } from '../tfjs/named-places';

/** Ranges of nodes, each at its `"name": "…"`; the text may be damaged. */
export function locateNodes(text: string, layerNames: readonly string[]): ReadonlyMap<string, TextRange> {
  const wanted = new Set(layerNames);
  const ranges = new Map<string, TextRange>();
  visitNames(text, ({ name, range, path }) => {
    if (wanted.has(name) && !ranges.has(name) && isNodeName(path())) ranges.set(name, range);
  });
  return ranges;
}

function isNodeName([topology, list, index, key, ...rest]: JsonPath): boolean {
  return topology === 'modelTopology' && list === 'node' && typeof index === 'number' && key === 'name' && rest.length === 0;
}
