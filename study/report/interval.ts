/** A mean with its 95 % interval; a single value has none. */
export interface Estimate {
  readonly mean: number;
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/** Two-sided 95 % points of Student's t for 1, 2, … degrees of freedom. */
const studentT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Student's t-interval of the mean of a few independent values, as those of seeds are. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, interval: undefined };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const half = ((studentT[count - 2] ?? 1.96) * deviation) / Math.sqrt(count);
  return { mean, interval: { low: mean - half, high: mean + half } };
}
