import type { ElementType, Tensor } from '../../../graph/model-graph';
import { resultTypeOf, usualResultType } from '../operators/result-type';
import { operatorOf } from '../operators/table';
import { readingOrder } from './node-order';
import type { OnnxModel, OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';

/**
 * The tensors with the types of their values, as far as the file states them or a node's operator implies them: a tensor has the
 * type that its nearest declared ancestor has, unless a node changes it.
 */
export function withElementTypes(tensors: ReadonlyMap<string, Tensor>, { graph }: OnnxModel): ReadonlyMap<string, Tensor> {
  const types = new Map<string, number | undefined>();
  for (const info of [...graph.inputs, ...graph.outputs, ...graph.valueInfo]) types.set(info.name, info.elementType);
  for (const tensor of graph.initializers) types.set(tensor.name, tensor.dataType);
  for (const index of readingOrder(graph)) {
    const node = graph.nodes[index];
    if (node === undefined) continue;
    const implied = impliedType(node, types);
    for (const output of node.outputs) types.set(output, types.get(output) ?? implied);
  }
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const type = namedType(types.get(name));
      return [name, type === 'float32' ? tensor : { ...tensor, elementType: type }];
    }),
  );
}

function impliedType(node: OnnxNode, types: ReadonlyMap<string, number | undefined>): number | undefined {
  return resultTypeOf(operatorOf(node)?.resultType ?? usualResultType, node, (index) => types.get(node.inputs[index] ?? ''));
}

function namedType(type: number | undefined): ElementType {
  switch (type) {
    case elementType.float:
      return 'float32';
    case elementType.float16:
      return 'float16';
    case elementType.double:
      return 'float64';
    default:
      return 'other';
  }
}
