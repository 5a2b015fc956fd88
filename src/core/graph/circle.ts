/** Remainder that is never negative, for indices on a circle. */
export function wrapIndex(index: number, length: number): number {
  return ((index % length) + length) % length;
}

/** Samples `start` up to `end`, without `end`. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The ranges that, joined, run from `-begin` to `length + end` on a circle of `length` samples. Slices of them and a concatenation
 * wrap a map in every runtime; gathering it sample by sample is many times slower in some.
 */
export function circularRanges(length: number, begin: number, end: number): readonly SampleRange[] {
  const ranges: SampleRange[] = [];
  let position = -begin;
  while (position < length + end) {
    const start = wrapIndex(position, length);
    const count = Math.min(length - start, length + end - position);
    ranges.push({ start, end: start + count });
    position += count;
  }
  return ranges;
}
