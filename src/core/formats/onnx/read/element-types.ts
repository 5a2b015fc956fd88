import type { ElementType, Tensor } from '../../../graph/model-graph';
import { resultTypeOf, usualResultType } from '../operators/result-type';
import type { OnnxOperator } from '../operators/operator';
import { operatorOf } from '../operators/table';
import { readingOrder } from './node-order';
import type { OnnxModel, OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';
import { elementCount } from '../wire/tensor-values';

/** Whole numbers that quantized models compute with. */
const quantizedTypes: ReadonlySet<number> = new Set([
  ...[elementType.int8, elementType.uint8, elementType.int16, elementType.uint16, elementType.int32],
]);

/** Names of the weights that a tensor of whole numbers is scaled by: value = (number - zero point) * scale. */
export interface Quantisation {
  readonly scale: string;
  readonly zeroPoint: string;
}

/** Types of values, as in `elementType`, and what whole numbers stand for, by tensor of the main graph. */
export interface ValueTypes {
  readonly types: ReadonlyMap<string, number | undefined>;
  readonly quantisations: ReadonlyMap<string, Quantisation>;
}

/**
 * What the file states of its tensors' values or a node's operator implies: a tensor has the type that its nearest declared ancestor has,
 * unless a node changes it; and the scale, where it is one for all values and a weight.
 */
export function valueTypes({ graph }: OnnxModel): ValueTypes {
  const types = new Map<string, number | undefined>();
  const quantisations = new Map<string, Quantisation>();
  for (const info of [...graph.inputs, ...graph.outputs, ...graph.valueInfo]) types.set(info.name, info.elementType);
  for (const tensor of graph.initializers) types.set(tensor.name, tensor.dataType);
  const single = new Set(graph.initializers.filter(({ dims }) => elementCount(dims) === 1).map(({ name }) => name));
  for (const index of readingOrder(graph)) {
    const node = graph.nodes[index];
    if (node === undefined) continue;
    const operator = operatorOf(node);
    const implied = impliedType(node, types);
    const [output = ''] = node.outputs;
    for (const [place, name] of node.outputs.entries()) {
      types.set(name, types.get(name) ?? (place === 0 ? implied : (operator?.furtherTypes?.[place - 1] ?? implied)));
    }
    const quantisation = quantisationOf(node, operator, single) ?? quantisations.get(node.inputs[0] ?? '');
    const keepsScale = operator?.quantizesBy !== undefined || types.get(output) === types.get(node.inputs[0] ?? '');
    if (quantisation !== undefined && keepsScale && quantizedTypes.has(types.get(output) ?? 0)) quantisations.set(output, quantisation);
  }
  return { types, quantisations };
}

function quantisationOf(node: OnnxNode, operator: OnnxOperator | undefined, single: ReadonlySet<string>): Quantisation | undefined {
  if (operator?.quantizesBy === undefined) return undefined;
  const [scale = '', zeroPoint = ''] = operator.quantizesBy.map((index) => node.inputs[index]);
  return single.has(scale) && single.has(zeroPoint) ? { scale, zeroPoint } : undefined;
}

/** The tensors with the types of their values. */
export function withElementTypes(tensors: ReadonlyMap<string, Tensor>, model: OnnxModel): ReadonlyMap<string, Tensor> {
  const { types, quantisations } = valueTypes(model);
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const type = types.get(name);
      if (type === elementType.float) return [name, tensor];
      const wholeNumbers = quantizedTypes.has(type ?? 0) && {
        wholeNumbers: quantisations.has(name) ? ('scaled' as const) : ('raw' as const),
      };
      return [name, { ...tensor, elementType: namedType(type), ...(wholeNumbers || {}) }];
    }),
  );
}

function impliedType(node: OnnxNode, types: ReadonlyMap<string, number | undefined>): number | undefined {
  const operator = operatorOf(node);
  const typeOf = (index: number): number | undefined => types.get(node.inputs[index] ?? '');
  const ofZeroPoint = operator?.quantizesBy && typeOf(operator.quantizesBy[1]);
  return ofZeroPoint ?? resultTypeOf(operator?.resultType ?? usualResultType, node, typeOf);
}

function namedType(type: number | undefined): Exclude<ElementType, 'float32'> {
  switch (type) {
    case elementType.float16:
      return 'float16';
    case elementType.bfloat16:
      return 'bfloat16';
    case elementType.double:
      return 'float64';
    default:
      return 'other';
  }
}
