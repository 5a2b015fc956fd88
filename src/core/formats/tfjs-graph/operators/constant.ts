import type { Dimension, Shape } from '../../../graph/model-graph';

/** A value known before the model runs: a weight, or what is computed from weights and shapes. */
export interface Constant {
  readonly shape: Shape;
  /** Whole numbers, row-major, where they are few and known; null for an open length. */
  readonly values?: readonly Dimension[];
  /** Name of the weight, for one that is passed on as it is. */
  readonly weight?: string;
}

/** Longest list of whole numbers that is followed; shapes and axes are far shorter. */
export const longestList = 64;

/** The whole numbers of a constant, all of them known; undefined otherwise. */
export function numbersOf(constant: Constant | undefined): readonly number[] | undefined {
  const values = constant?.values;
  return values?.every((value) => value !== null) === true ? values : undefined;
}
