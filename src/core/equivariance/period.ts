import type { AxisPair } from '../graph/model-graph';

/** Least common multiple per axis of positive whole numbers. */
export function commonMultiple(a: AxisPair, b: AxisPair): AxisPair {
  return [leastCommonMultiple(a[0], b[0]), leastCommonMultiple(a[1], b[1])];
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
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
