import type { OnnxGraph } from './proto';

/**
 * The name of each node's layer, by index in the graph: the node's own, else that of its first output. Names that occur
 * twice get `#2`, `#3`, … in file order. Reader and patcher must agree, so both ask here.
 */
export function layerNames(graph: OnnxGraph): readonly string[] {
  const taken = new Set<string>();
  return graph.nodes.map((node, index) => {
    const wanted = node.name || node.outputs.find((output) => output !== '') || `node ${index}`;
    let name = wanted;
    for (let copy = 2; taken.has(name); copy++) name = `${wanted}#${copy}`;
    taken.add(name);
    return name;
  });
}
