import type { Dimension } from '../../../graph/model-graph';
import { brainToNumber, halfToNumber, numberToBrain, numberToHalf } from '../../half';
import { elementType } from '../wire/schema';

/** Least and largest value of the types of whole numbers; what a double cannot tell apart from its neighbours is not known. */
const ranges: ReadonlyMap<number, readonly [number, number]> = new Map([
  [elementType.bool, [0, 1]],
  [elementType.int8, [-(2 ** 7), 2 ** 7 - 1]],
  [elementType.uint8, [0, 2 ** 8 - 1]],
  [elementType.int16, [-(2 ** 15), 2 ** 15 - 1]],
  [elementType.uint16, [0, 2 ** 16 - 1]],
  [elementType.int32, [-(2 ** 31), 2 ** 31 - 1]],
  [elementType.uint32, [0, 2 ** 32 - 1]],
  [elementType.int64, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
  [elementType.uint64, [0, Number.MAX_SAFE_INTEGER]],
]);

/** The value of a fraction's type that is nearest to a number. */
const nearest: ReadonlyMap<number, (value: number) => number> = new Map([
  [elementType.float, Math.fround],
  [elementType.float16, nearestHalf],
  [elementType.bfloat16, (value: number) => brainToNumber(numberToBrain(value))],
]);

/** True for types whose division rounds. */
export function isIntegerType(type: number): boolean {
  return ranges.has(type);
}

/**
 * A computed number as its type holds it; null for what the type cannot hold: runtimes differ in what becomes of an overflow, of a
 * division by zero and of a value that is none.
 */
export function heldAs(type: number, value: number): Dimension {
  const range = ranges.get(type);
  if (range === undefined) return Number.isNaN(value) ? null : (nearest.get(type)?.(value) ?? value);
  return Number.isInteger(value) && value >= range[0] && value <= range[1] ? value + 0 : null;
}

/** A whole number, or the nearest end of its type's range. */
export function saturated(type: number, value: number): number {
  const [least, most] = ranges.get(type) ?? [-Infinity, Infinity];
  return Math.min(Math.max(value, least), most);
}

/** Beyond the largest binary16 a number is infinite. */
function nearestHalf(value: number): number {
  return Math.abs(value) >= 65_520 ? Math.sign(value) * Infinity : halfToNumber(numberToHalf(value));
}
