import type { Dimension } from './model-graph';

/** Values known before the model runs, row-major; null where one depends on a length that the model leaves open. */
export type KnownValues = readonly Dimension[];

/** A computation of one value from two; null where it has none. */
export type ValuePair = (left: number, right: number) => Dimension;

/** Value by value. */
export function mapValues(values: KnownValues | undefined, operation: (value: number) => Dimension): KnownValues | undefined {
  return values?.map((value) => (value === null ? null : operation(value)));
}

/** Two lists value by value, or a list with a single value, which stretches; undefined for other lengths. */
export function combineValues(a: KnownValues | undefined, b: KnownValues | undefined, operation: ValuePair): KnownValues | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.length !== b.length && a.length !== 1 && b.length !== 1) return undefined;
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const left = a[a.length === 1 ? 0 : index] ?? null;
    const right = b[b.length === 1 ? 0 : index] ?? null;
    return left === null || right === null ? null : operation(left, right);
  });
}
