import type { ImageRow } from './image-row';
import { shareOf, type Share } from './interval';

/** What a set of images comes to; a pure function of the rows, whatever order and parts they came in. */
export interface ConsistencySummary {
  readonly images: number;
  readonly pairs: number;
  /** Pairs of shifts that get the same class. */
  readonly consistency: Share | null;
  /** Mean cosine between outputs of shifted images and those of the images as they are. */
  readonly invariance: number | null;
  /** Images whose class, unshifted, is the true one; null where no image has a label. */
  readonly accuracy: Share | null;
  /** Mean share of shifts that get the true class. */
  readonly accuracyOverShifts: number | null;
}

/** Sums rows up in the order of their names, so that floating-point sums agree to the last bit. */
export function summarise(rows: readonly ImageRow[]): ConsistencySummary {
  const sorted = inOrder(rows);
  const labelled = sorted.filter(({ label }) => label !== null);
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    images: sorted.length,
    pairs: sorted.reduce((sum, { pairs }) => sum + pairs, 0),
    consistency: shareOf(sorted.map(({ agreeing, pairs }) => ({ successes: agreeing, trials: pairs }))) ?? null,
    invariance: mean(sorted.map(({ invariance }) => invariance)),
    accuracy: shareOf(labelled.map(({ top, label }) => ({ successes: top === label ? 1 : 0, trials: 1 }))) ?? null,
    accuracyOverShifts: mean(labelled.flatMap(({ correctShifts }) => correctShifts ?? [])),
  };
}

/** Share of images that a changed model gives the class the original gives; null where no image is in both. */
export function fidelity(original: readonly ImageRow[], changed: readonly ImageRow[]): Share | null {
  const before = new Map(original.map(({ image, top }) => [image, top]));
  const both = inOrder(changed).filter(({ image }) => before.has(image));
  return shareOf(both.map(({ image, top }) => ({ successes: before.get(image) === top ? 1 : 0, trials: 1 }))) ?? null;
}

/** By name, code unit by code unit. */
export function inOrder<T extends { readonly image: string }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => (a.image < b.image ? -1 : a.image > b.image ? 1 : 0));
}
