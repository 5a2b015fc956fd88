import type { OnnxModel, OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';

/** Element types by tensor name, as far as the file states them or a node's operator implies them. */
export interface ElementTypes {
  /** `elementType` of schema.ts; undefined where it cannot be told. */
  of(tensor: string): number | undefined;
}

/** Looks types up lazily: a tensor has the type its nearest declared ancestor has, unless a node changes it. */
export function elementTypes(model: OnnxModel): ElementTypes {
  const { graph } = model;
  const declared = new Map<string, number | undefined>();
  for (const info of [...graph.inputs, ...graph.outputs, ...graph.valueInfo]) declared.set(info.name, info.elementType);
  for (const tensor of graph.initializers) declared.set(tensor.name, tensor.dataType);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const find = (tensor: string): number | undefined => {
    const visited = new Set<string>();
    for (let current: string | undefined = tensor; current !== undefined && !visited.has(current);) {
      visited.add(current);
      const stated = declared.get(current) ?? statedBy(producers.get(current));
      if (stated !== undefined) return stated;
      current = typeSource(producers.get(current));
    }
    return undefined;
  };
  return { of: find };
}

/** The type that a node itself fixes. */
function statedBy(node: OnnxNode | undefined): number | undefined {
  switch (node?.opType) {
    case 'Cast':
      return node.attributes.get('to')?.int;
    case 'Constant':
      return node.attributes.get('value')?.tensor?.dataType ?? elementType.float;
    case 'ConstantOfShape':
      return node.attributes.get('value')?.tensor?.dataType ?? elementType.float;
    case 'ConvInteger':
      return elementType.int32;
    default:
      return undefined;
  }
}

/** The input whose type the node's first output has. */
function typeSource(node: OnnxNode | undefined): string | undefined {
  return node?.opType === 'DequantizeLinear' ? node.inputs[1] : node?.opType === 'QuantizeLinear' ? node.inputs[2] : node?.inputs[0];
}
