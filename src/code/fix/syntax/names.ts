import type { Node } from 'web-tree-sitter';
import { oncePerTree } from './once-per-tree';

/** Nodes of one kind by what they are called, in the order of the source. */
type NodesByName = ReadonlyMap<string, readonly Node[]>;

/** Collects nodes of a tree once. @param nameOf of a node; undefined for one that is not asked about */
export function namedNodes(types: readonly string[], nameOf: (node: Node) => string | undefined): (name: string, within: Node) => Node[] {
  const nodesOf = oncePerTree((root): NodesByName => {
    const nodes = new Map<string, Node[]>();
    for (const node of root.descendantsOfType([...types])) {
      const name = nameOf(node);
      if (name === undefined) continue;
      const alike = nodes.get(name);
      if (alike === undefined) nodes.set(name, [node]);
      else alike.push(node);
    }
    return nodes;
  });
  return (name, within) => inside(nodesOf(within).get(name) ?? [], within);
}

/** Those of sorted nodes that lie within another. */
function inside(nodes: readonly Node[], { startIndex, endIndex }: Node): Node[] {
  const found: Node[] = [];
  for (let index = firstFrom(nodes, startIndex); index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined || node.startIndex > endIndex) break;
    // What starts within a node ends in it, too. Ends are asked of the tree, which takes many times as long as looking at a start.
    const startsInside = node.startIndex > startIndex && node.startIndex < endIndex;
    if (startsInside || node.endIndex <= endIndex) found.push(node);
  }
  return found;
}

/** Index of the first node that does not start in front of an offset. */
function firstFrom(nodes: readonly Node[], offset: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.startIndex ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
