import type { AxisPair } from './model-graph';

/** Strides and periods beyond this are taken for it: no image is so large, and whole numbers stay exact. */
export const largestPeriod = 2 ** 52;

/** Least common multiple per axis of positive whole numbers. */
export function commonMultiple(a: AxisPair, b: AxisPair): AxisPair {
  return [leastCommonMultiple(a[0], b[0]), leastCommonMultiple(a[1], b[1])];
}

/**
 * The period of a map with the given spatial stride that is computed from maps of the given period: the smallest whole
 * multiple of both. A stride may be a fraction, where the map is finer than the image.
 */
export function periodOf(period: AxisPair, stride: AxisPair): AxisPair {
  return commonMultiple(period, [numerator(stride[0]), numerator(stride[1])]);
}

/** Number of samples that a map has along each axis. @param size of the image */
export function mapSize(size: AxisPair, stride: AxisPair): AxisPair {
  return [Math.round(size[0] / stride[0]), Math.round(size[1] / stride[1])];
}

/** p of the fraction p / q in lowest terms; upsampling makes no others than those of small q. */
function numerator(value: number): number {
  for (let denominator = 1; denominator <= 64; denominator++) {
    const whole = Math.round(value * denominator);
    if (whole > 0 && Math.abs(value * denominator - whole) < 1e-9 * denominator) return Math.min(whole, largestPeriod);
  }
  return Math.min(Math.max(1, Math.round(value)), largestPeriod);
}

/** Whether `value` is a whole multiple of `unit` on both axes. */
export function isMultiple(value: AxisPair, unit: AxisPair): boolean {
  return value[0] % unit[0] === 0 && value[1] % unit[1] === 0;
}

export function samePair(a: AxisPair, b: AxisPair): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Number of shifts in one period. */
export function area(pair: AxisPair): number {
  return pair[0] * pair[1];
}

function leastCommonMultiple(a: number, b: number): number {
  return Math.min((a / greatestCommonDivisor(a, b)) * b, largestPeriod);
}

/** Of two whole numbers, not both 0. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
