import type { OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';

/** The element type of a node's first output: an input's, or one (of schema.ts) that the node itself states. */
export type ResultType = { readonly likeInput: number } | { readonly stated: (node: OnnxNode) => number | undefined };

/** Where an operator says nothing else. */
export const usualResultType: ResultType = { likeInput: 0 };

/** Of comparisons. */
export const truthValue: ResultType = { stated: () => elementType.bool };

/** Of lengths and counts. */
export const wholeNumber: ResultType = { stated: () => elementType.int64 };

/** Of operators that make constants: that of the tensor in their attribute. */
export const typeOfValue: ResultType = { stated: ({ attributes }) => attributes.get('value')?.tensor?.dataType ?? elementType.float };
