import { usualResultType } from '../operators/result-type';
import { operatorOf } from '../operators/table';
import type { OnnxModel } from '../wire/proto';

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
      const known = declared.get(current);
      const producer = producers.get(current);
      if (known !== undefined || producer === undefined) return known;
      const type = operatorOf(producer)?.resultType ?? usualResultType;
      if ('stated' in type) return type.stated(producer);
      current = producer.inputs[type.likeInput];
    }
    return undefined;
  };
  return { of: find };
}
