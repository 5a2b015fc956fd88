import type { Dimension, Shape } from '../../../graph/model-graph';
import type { OnnxTensor } from '../wire/proto';
import { tensorValues } from '../wire/tensor-values';

/** More entries than any list of sizes, axes or pads has. */
const entryLimit = 1024;

/** A value that does not depend on the pixels: an initializer, or what is computed from such and from shapes. */
export interface Constant {
  readonly shape: Shape;
  /** Where the values are stored; absent for computed ones. */
  readonly tensor?: OnnxTensor;
  /** Computed values, row-major; null where one depends on a dimension that the model leaves open. */
  readonly entries?: readonly Dimension[];
  /** Computes the values where there are more than a list has; each time anew, since few are ever asked for. */
  readonly deferred?: DeferredEntries;
  /** Of `elementType`, as the file or the node says; 0 where neither does. */
  readonly type: number;
}

/** A computation of values put off until they are wanted. */
export interface DeferredEntries {
  /** Values that are computed on the way, at most. */
  readonly work: number;
  evaluate(): readonly Dimension[] | undefined;
}

/** More values than this are not computed for one constant. */
export const deferredLimit = 1 << 18;

/** The values of a small constant; undefined where it is large, external or cannot be computed. */
export function entriesOf(constant: Constant | undefined): readonly Dimension[] | undefined {
  if (constant === undefined) return undefined;
  return constant.entries ?? (constant.tensor && tensorValues(constant.tensor, entryLimit));
}

/** The values where every one is known. */
export function numbersOf(constant: Constant | undefined): readonly number[] | undefined {
  const entries = entriesOf(constant);
  return entries?.every((entry) => entry !== null) === true ? entries : undefined;
}

/** All values of a constant with up to `limit` of them, computed where need be; undefined where they are not to be had. */
export function arrayOf(constant: Constant | undefined, limit: number): readonly number[] | undefined {
  const entries = constant?.entries ?? constant?.deferred?.evaluate() ?? (constant?.tensor && tensorValues(constant.tensor, limit));
  return entries?.every((entry) => entry !== null) === true ? entries : undefined;
}

/** True where a constant with this many entries is worth computing. */
export function isSmall(count: number): boolean {
  return count >= 0 && count <= entryLimit;
}
