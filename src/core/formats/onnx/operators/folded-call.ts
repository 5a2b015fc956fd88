import { mapValues, type KnownValues } from '../../../graph/known-values';
import type { Shape } from '../../../graph/model-graph';
import { elementCount } from '../wire/tensor-values';
import { stretchArray, type KnownArray } from './arrays';
import { inputShape, intsAttribute, type OperatorCall } from './call';
import { deferredLimit, type Constant } from './constants';
import { heldAs } from './value-types';

/** A node whose values are computed. */
export interface FoldedCall {
  readonly call: OperatorCall;
  /** Of the result. */
  readonly shape: Shape;
  /** Of the result's values, as in `elementType`. */
  readonly type: number;
  /** Which of the node's outputs. */
  readonly output: number;
  /** The values of a constant, as far as they are to be had at this time. */
  readonly read: (constant: Constant | undefined) => KnownValues | undefined;
}

/** The values of an input. */
export function valuesAt({ call, read }: FoldedCall, index: number): KnownValues | undefined {
  return read(call.inputs[index]?.constant);
}

/** The values of an input with their shape, where both are known. */
export function arrayAt(folded: FoldedCall, index: number): KnownArray | undefined {
  const shape = inputShape(folded.call, index);
  const values = valuesAt(folded, index);
  if (values === undefined || shape?.every((length) => length !== null) !== true) return undefined;
  // An axis of length 0 leaves the others any length.
  const isPlain = elementCount(shape) === values.length && shape.every((length) => length <= deferredLimit);
  return isPlain ? { shape, values } : undefined;
}

/** A list given as an attribute in older operator sets and as an input in newer ones. */
export function numbersAt(folded: FoldedCall, attribute: string, index: number): readonly number[] | undefined {
  const given = intsAttribute(folded.call, attribute) ?? valuesAt(folded, index);
  return given?.every((value) => value !== null) === true ? given : undefined;
}

/** The values of an input, as often as the result has places for them. */
export function stretchedAt(folded: FoldedCall, index: number): KnownValues | undefined {
  const { shape } = folded;
  const values = valuesAt(folded, index);
  if (shape === undefined) return undefined;
  if (values?.length === 1 && shape.length <= 1) return shape.length === 0 ? values : repeated(values, shape[0] ?? null);
  const array = arrayAt(folded, index);
  return array !== undefined && shape.every((length) => length !== null) ? stretchArray(array, shape) : undefined;
}

function repeated([value = null]: KnownValues, count: number | null): KnownValues | undefined {
  return count === null || !(count >= 0 && count <= deferredLimit) ? undefined : new Array<number | null>(count).fill(value);
}

/** Numbers that were computed, as the result's type holds them. */
export function heldValues({ type }: FoldedCall, values: KnownValues | undefined): KnownValues | undefined {
  return mapValues(values, (value) => heldAs(type, value));
}

/** For operators that leave the values as they are, in their order. */
export function sameValues(folded: FoldedCall): KnownValues | undefined {
  return valuesAt(folded, 0);
}
