import type { OnnxGraph, OnnxNode } from '../wire/structure';

/** Names that the bodies of If, Loop and Scan read; those of the outer graph are among them. */
export function capturedNames(node: OnnxNode): string[] {
  const names = new Set<string>();
  const collect = (graph: OnnxGraph): void => {
    for (const output of graph.outputs) names.add(output.name);
    for (const inner of graph.nodes) {
      for (const input of inner.inputs) names.add(input);
      for (const attribute of inner.attributes.values()) attribute.graphs.forEach(collect);
    }
  };
  for (const attribute of node.attributes.values()) attribute.graphs.forEach(collect);
  for (const input of node.inputs) names.delete(input);
  return [...names];
}
