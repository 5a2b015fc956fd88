import { rowView, type FeatureGeometry } from './feature-geometry';

/** How two feature maps are compared: cosine of the flattened maps, or mean over positions of the cosine along channels. */
export type Metric = 'flat' | 'channel';

/** F_0, the feature map of the unshifted image, laid out for comparison. */
export interface ReferenceMap {
  /**
   * F_0 with its last row and column repeated before the first (row view: `[planes, rows + 1, rowLength + step]`), so that
   * the four neighbours of a sample stand at fixed distances and nothing wraps in the inner loops.
   */
  readonly extended: Float32Array;
  /** Whether a runtime that compares with F_0 at every run may keep it in the four rolls of the terms, four times as large. */
  readonly isRolled?: boolean;
  readonly geometry: FeatureGeometry;
  readonly metric: Metric;
  /** One norm for `flat`; for `channel` one per position of the extended map. */
  readonly norms: Float64Array;
}

/** Sums over all numbers of F_s: its squares, and its products with F_0 rolled by (0, 0), (0, 1), (1, 0) and (1, 1). */
export interface ProductSums {
  readonly square: number;
  readonly same: number;
  readonly right: number;
  readonly down: number;
  readonly both: number;
}

/** Terms of the closed form: F_0 rolled by (0, 0), (0, 1), (1, 0) and (1, 1). */
export const terms = 4;

/** The sums of F_s place by place: of the whole map for `flat`, over channels at every position for `channel`. */
export interface PlaceSums {
  /** One a place. */
  readonly squares: Float64Array;
  /** `[places, 4]`, in the order of the terms. */
  readonly products: Float64Array;
}

/** Computes these sums, which is nearly all the work of a heatmap; engines bring a faster way than `plainProducts`. */
export type Products = (reference: ReferenceMap, sample: Float32Array) => ProductSums;

/** The sums by a plain loop. */
export const plainProducts: Products = ({ extended, geometry }, sample) => {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const extendedLength = rowLength + step;
  let [square, same, right, down, both] = [0, 0, 0, 0, 0];
  let target = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const above = (plane * (rows + 1) + row) * extendedLength;
      const level = above + extendedLength;
      for (let index = 0; index < rowLength; index++, target++) {
        const value = sample[target] ?? 0;
        square += value * value;
        same += value * (extended[level + index + step] ?? 0);
        right += value * (extended[level + index] ?? 0);
        down += value * (extended[above + index + step] ?? 0);
        both += value * (extended[above + index] ?? 0);
      }
    }
  }
  return { square, same, right, down, both };
};
