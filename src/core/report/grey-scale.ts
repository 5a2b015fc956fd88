/** Values from black to white. */
export interface GreyScale {
  readonly low: number;
  readonly high: number;
}

/** The scale that maps share when they are looked at side by side. */
export function jointScale(...maps: readonly Float32Array[]): GreyScale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of maps) {
    for (const value of map) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** Brightness of a value, 0 to 255; values that are no number, and all values of a scale without extent, are black. */
export function greyOf(value: number, { low, high }: GreyScale): number {
  if (Number.isNaN(value) || high <= low) return 0;
  return Math.round((255 * (Math.min(high, Math.max(low, value)) - low)) / (high - low));
}
