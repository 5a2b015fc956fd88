import type { OnnxGraph, OnnxNode } from '../wire/proto';

/**
 * The name of each node's layer, by index in the graph: the node's own, else that of its first output. Names that occur
 * twice get `#2`, `#3`, … in file order. Reader and patcher must agree, so both ask here.
 */
export function layerNames(graph: OnnxGraph): readonly string[] {
  const taken = new Set<string>();
  const copies = new Map<string, number>();
  return graph.nodes.map((node, index) => {
    const wanted = nodeName(node, index);
    let name = wanted;
    for (let copy = (copies.get(wanted) ?? 1) + 1; taken.has(name); copy++) {
      name = `${wanted}#${copy}`;
      copies.set(wanted, copy);
    }
    taken.add(name);
    return name;
  });
}

/** What a node is called by itself: its name, else its first output, else its place. */
export function nodeName(node: OnnxNode, index: number): string {
  return node.name || node.outputs.find((output) => output !== '') || `node ${index}`;
}
