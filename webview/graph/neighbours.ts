import { wayTo, type Group } from './group-tree';
import type { Edge } from './network';
import type { PlacedNode } from './layout';

/** What keys lead to: nodes by the ids of their groups. */
export interface Neighbours {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly behind: ReadonlyMap<string, readonly string[]>;
}

/** The node that shows each vertex: the outermost closed group around it, or itself. */
export function shownAs(tree: Group, open: ReadonlySet<string>, vertex: number): Group | undefined {
  return wayTo(tree, vertex).find((group) => group.children.length === 0 || !open.has(group.id));
}

/** Which nodes edges lead from and to, across all frames, each once and in the order of the edges. */
export function neighboursOf(tree: Group, open: ReadonlySet<string>, edges: readonly Edge[]): Neighbours {
  const shown = new Map<number, string>();
  const idOf = (vertex: number): string => {
    const known = shown.get(vertex) ?? shownAs(tree, open, vertex)?.id ?? '';
    shown.set(vertex, known);
    return known;
  };
  const [before, behind] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const { from, to } of edges) {
    const [source, target] = [idOf(from), idOf(to)];
    if (source === target) continue;
    before.set(target, (before.get(target) ?? new Set()).add(source));
    behind.set(source, (behind.get(source) ?? new Set()).add(target));
  }
  return { before: listed(before), behind: listed(behind) };
}

function listed(sets: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map([...sets].map(([id, others]) => [id, [...others]]));
}

/**
 * The node that an arrow key leads to: up and down along edges, left and right to the nearest node at the same height, Home and End to the
 * first and the last. Undefined where there is none, and for other keys.
 */
export function nodeAfterKey(key: string, from: PlacedNode, nodes: readonly PlacedNode[], neighbours: Neighbours): PlacedNode | undefined {
  const closed = nodes.filter(({ isOpen }) => !isOpen);
  switch (key) {
    case 'ArrowDown':
      return nearest(from, along(from, neighbours.behind, nodes) ?? inside(from, closed));
    case 'ArrowUp':
      return nearest(from, along(from, neighbours.before, nodes) ?? inside(from, closed));
    case 'ArrowLeft':
      return beside(from, closed, -1);
    case 'ArrowRight':
      return beside(from, closed, 1);
    case 'Home':
      return closed[0];
    case 'End':
      return closed.at(-1);
    default:
      return undefined;
  }
}

function along(
  { group }: PlacedNode,
  edges: ReadonlyMap<string, readonly string[]>,
  nodes: readonly PlacedNode[],
): readonly PlacedNode[] | undefined {
  const ids = new Set(edges.get(group.id));
  return ids.size === 0 ? undefined : nodes.filter((node) => ids.has(node.group.id));
}

/** From a frame, keys lead into it. */
function inside(from: PlacedNode, closed: readonly PlacedNode[]): readonly PlacedNode[] {
  if (!from.isOpen) return [];
  return closed.filter(({ group }) => group.first >= from.group.first && group.end <= from.group.end).slice(0, 1);
}

/** Of several ways the one that is worked out next: the main path rather than a shortcut. */
function nearest({ group }: PlacedNode, nodes: readonly PlacedNode[]): PlacedNode | undefined {
  return nodes.toSorted((one, other) => Math.abs(one.group.first - group.first) - Math.abs(other.group.first - group.first))[0];
}

function beside(from: PlacedNode, closed: readonly PlacedNode[], side: 1 | -1): PlacedNode | undefined {
  return closed
    .filter((node) => node !== from && node.y < from.y + from.height && from.y < node.y + node.height && (node.x - from.x) * side > 0)
    .toSorted((one, other) => (one.x - other.x) * side)[0];
}
