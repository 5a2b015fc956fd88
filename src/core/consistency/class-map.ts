import type { AxisPair } from '../graph/model-graph';
import type { OutputMap } from '../equivariance/measure/measurement';

/** Top-1 class for every shift of one image; repeats over the image. */
export interface ClassMap {
  readonly period: AxisPair;
  /** Pixels between the shifts. */
  readonly step: AxisPair;
  /** Row-major `[periodY / stepY, periodX / stepX]`, rounded up; the first is that of the unshifted image. */
  readonly classes: Int32Array;
}

/** Index of the largest score; the first of equal ones. */
export function topClass(scores: Float32Array): number {
  return scores.reduce((best, score, index) => (score > (scores[best] ?? 0) ? index : best), 0);
}

/** The class at every shift of the output's period. */
export function classMap({ period, step, tile, values }: OutputMap): ClassMap {
  const classes = Int32Array.from({ length: tile.length / values }, (_, index) =>
    topClass(tile.subarray(index * values, (index + 1) * values)),
  );
  return { period, step, classes };
}

/** How often each class stands in the map, most frequent first. */
export function classCounts({ classes }: ClassMap): readonly { readonly label: number; readonly share: number }[] {
  const counts = new Map<number, number>();
  for (const label of classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([label, count]) => ({ label, share: count / classes.length }));
}
