import { layerNames } from './layer-names';
import type { OnnxGraph, OnnxNode } from './proto';
import { capturedNames } from './read-graph';

/** Who reads what among the raw nodes, shape arithmetic and nested graphs included. Node indices count in file order. */
export interface NodeWiring {
  readonly graph: OnnxGraph;
  nodeOfLayer(layer: string): number | undefined;
  /** Indices of all nodes that read the tensor. */
  readers(tensor: string): readonly number[];
  isGraphOutput(tensor: string): boolean;
  /** A free name that starts with `wanted`, kept for the caller; it may be extended by suffixes that start with `_`. */
  newName(wanted: string): string;
}

/** Indexes the main graph. */
export function nodeWiring(graph: OnnxGraph): NodeWiring {
  const indices = new Map(layerNames(graph).map((name, index) => [name, index]));
  const readers = new Map<string, number[]>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const tensor of new Set([...node.inputs, ...capturedNames(node)])) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [index]);
      else known.push(index);
    }
  }
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const taken = [...namesIn(graph)];
  return {
    graph,
    nodeOfLayer: (layer) => indices.get(layer),
    readers: (tensor) => readers.get(tensor) ?? [],
    isGraphOutput: (tensor) => outputs.has(tensor),
    newName: (wanted) => {
      let name = wanted;
      for (let copy = 2; taken.some((used) => used === name || used.startsWith(`${name}_`)); copy++) name = `${wanted}#${copy}`;
      taken.push(name);
      return name;
    },
  };
}

/** Every name of a node or tensor, nested graphs included, since those see the outer names. */
function namesIn(graph: OnnxGraph): Set<string> {
  const names = new Set<string>();
  const collect = (part: OnnxGraph): void => {
    for (const item of [...part.inputs, ...part.initializers, ...part.sparseInitializers, ...part.outputs]) names.add(item.name);
    for (const node of part.nodes) {
      names.add(node.name);
      for (const tensor of [...node.inputs, ...node.outputs]) names.add(tensor);
      for (const attribute of node.attributes.values()) attribute.graphs.forEach(collect);
    }
  };
  collect(graph);
  return names;
}

/** The way from the strided node to the tensor that the blur will write. */
export interface BlurWalk {
  /** Node that writes the tensor. */
  readonly node: number;
  readonly tensor: string;
  readonly between: readonly string[];
}

/**
 * Follows the first outputs from a node to the layer whose output is blurred. Whatever lies between becomes larger, so
 * nothing else may read it; answers with the obstacle where something does.
 */
export function walkToBlur(wiring: NodeWiring, strided: number, blurAfter: string): BlurWalk | string {
  const target = wiring.nodeOfLayer(blurAfter);
  const between: string[] = [];
  for (let index = strided; ; ) {
    const node = wiring.graph.nodes[index];
    const tensor = node?.outputs[0];
    if (node === undefined || tensor === undefined || target === undefined) return `no path leads from it to "${blurAfter}"`;
    if (usedOutputs(node).length > 1) return `its size would also change at a second output of ${node.opType} "${node.name}"`;
    if (index === target) return { node: index, tensor, between };
    const [reader, ...others] = wiring.readers(tensor);
    if (wiring.isGraphOutput(tensor)) return `"${tensor}", which would change its size, is an output of the model`;
    if (reader === undefined) return `no path leads from it to "${blurAfter}"`;
    if (others.length > 0) return `"${tensor}", which would change its size, is read by several nodes`;
    between.push(tensor);
    index = reader;
  }
}

function usedOutputs(node: OnnxNode): readonly string[] {
  return node.outputs.filter((output) => output !== '');
}
