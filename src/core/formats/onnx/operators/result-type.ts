import type { OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';

type StatedType = (node: OnnxNode) => number | undefined;

/** The element type of a node's first output: an input's, or (where that is left out) one of schema.ts that the node itself states. */
export type ResultType = { readonly likeInput: number; readonly stated?: StatedType } | { readonly stated: StatedType };

/** The type by such a rule. @param typeOfInput of a node's input; undefined where it is not known or left out */
export function resultTypeOf(rule: ResultType, node: OnnxNode, typeOfInput: (index: number) => number | undefined): number | undefined {
  const given = 'likeInput' in rule ? typeOfInput(rule.likeInput) : undefined;
  return given ?? rule.stated?.(node);
}

/** Where an operator says nothing else. */
export const usualResultType: ResultType = { likeInput: 0 };

/** Of comparisons. */
export const truthValue: ResultType = { stated: () => elementType.bool };

/** Of lengths and counts. */
export const wholeNumber: ResultType = { stated: () => elementType.int64 };

/** Of operators that make constants: that of the tensor in their attribute. */
export const typeOfValue: ResultType = { stated: ({ attributes }) => attributes.get('value')?.tensor?.dataType ?? elementType.float };

/** Of QuantizeLinear: that of its zero point, or what the node says, or bytes. */
export const quantizedType: ResultType = {
  likeInput: 2,
  stated: ({ attributes }) => attributes.get('output_dtype')?.int ?? elementType.uint8,
};
