/** Values to mark along an axis, at round steps. */
export interface Ticks {
  readonly values: readonly number[];
  /** Digits behind the point that tell them apart. */
  readonly digits: number;
}

/** An axis of values with its marks; the first and the last mark are its ends unless an end was given. */
export interface ValueAxis extends Ticks {
  readonly low: number;
  readonly high: number;
}

/** Rounding of sums of steps, so that 0.30000000000000004 is 0.3. */
const relativeSlack = 1e-9;

/** Marks at multiples of 1, 2 or 5 times a power of ten between two values, at most `most` of them. @param leastStep between two */
export function roundTicks(low: number, high: number, most: number, leastStep = 0): Ticks {
  const step = roundStep(Math.max((high - low) / Math.max(1, most - 1), leastStep));
  const first = Math.ceil(low / step - relativeSlack);
  const last = Math.floor(high / step + relativeSlack);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + relativeSlack));
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toFixed(digits)));
  return { values, digits };
}

/** The smallest of 1, 2, 5, 10, ... that is no smaller. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * (1 - relativeSlack)) ?? 10;
  return factor * power;
}

/** The axis that shows all these values. @param top the value above which there is none; the axis never reaches beyond it */
export function valueAxis(values: readonly number[], top: number, most = 5): ValueAxis {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) [lowest, highest] = [Math.min(lowest, value), Math.max(highest, value)];
  if (lowest > highest) [lowest, highest] = [top - 1, top];
  // Values that hardly differ are no landscape.
  const least = Math.max(highest - lowest, 0.002);
  const middle = (lowest + highest) / 2;
  const [from, to] = [Math.min(lowest, middle - least / 2), Math.max(highest, middle + least / 2)];
  const step = roundStep((to - from) / (most - 1));
  const low = Math.floor(from / step + relativeSlack) * step;
  const high = Math.min(top, Math.ceil(to / step - relativeSlack) * step);
  return { low, high: Math.max(high, low + step / 2), ...roundTicks(low, high, most + 2, step) };
}
