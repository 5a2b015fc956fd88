import type { ImageRow } from './image-row';
import { ClusterCounts, shareOf, shareOfCounts, type Share } from './interval';

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
  const sums = new RowSums();
  for (const row of inOrder(rows)) sums.add(row);
  return sums.summary();
}

/** Sums rows up one by one, which come in the order of their names; what it holds does not grow with their number. */
export class RowSums {
  private readonly agreeing = new ClusterCounts();
  private readonly right = new ClusterCounts();
  private readonly invariance = new Mean();
  private readonly correctShifts = new Mean();
  private pairs = 0;

  add({ top, pairs, agreeing, invariance, label, correctShifts }: ImageRow): void {
    this.pairs += pairs;
    this.agreeing.add({ successes: agreeing, trials: pairs });
    this.invariance.add(invariance);
    if (label === null) return;
    this.right.add({ successes: top === label ? 1 : 0, trials: 1 });
    if (correctShifts !== null) this.correctShifts.add(correctShifts);
  }

  summary(): ConsistencySummary {
    return {
      images: this.invariance.count,
      pairs: this.pairs,
      consistency: shareOfCounts(this.agreeing.all()) ?? null,
      invariance: this.invariance.value(),
      accuracy: shareOfCounts(this.right.all()) ?? null,
      accuracyOverShifts: this.correctShifts.value(),
    };
  }
}

class Mean {
  count = 0;
  private sum = 0;

  add(value: number): void {
    this.count += 1;
    this.sum += value;
  }

  /** Null of nothing. */
  value(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }
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
