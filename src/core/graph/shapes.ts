import type { Dimension, Shape } from './model-graph';

/** Product of a list of dimensions; null where one is open. */
export function product(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce<Dimension>((total, length) => (total === null || length === null ? null : total * length), 1);
}

/** NumPy's rule: shapes are aligned at the end, a length of 1 stretches. Undefined where a shape is. */
export function broadcast(shapes: readonly Shape[]): Shape {
  let result: readonly Dimension[] = [];
  for (const shape of shapes) {
    if (shape === undefined) return undefined;
    result = broadcastPair(result, shape);
  }
  return result;
}

function broadcastPair(a: readonly Dimension[], b: readonly Dimension[]): readonly Dimension[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const fromEnd = index - Math.max(a.length, b.length);
    const left = a.at(fromEnd);
    const right = b.at(fromEnd);
    if (left === undefined || -fromEnd > a.length) return right ?? null;
    if (right === undefined || -fromEnd > b.length) return left;
    if (left === 1) return right;
    return right === 1 || left !== null ? left : right;
  });
}

/** Length of start:end:step with NumPy's clamping; null where it depends on an open length. */
export function slicedLength(length: Dimension, start: number, end: number, step: number): Dimension {
  if (length === null || step === 0) return null;
  const bound = (value: number): number => {
    const fromFront = value < 0 ? value + length : value;
    return step > 0 ? Math.min(Math.max(fromFront, 0), length) : Math.min(Math.max(fromFront, -1), length - 1);
  };
  return Math.max(Math.ceil((bound(end) - bound(start)) / step), 0);
}

/** The first of every `step` samples that a slice takes; undefined where it leaves some out at an end. */
export function slicePhase(length: Dimension, start: number, end: number, step: number): number | undefined {
  const first = start < 0 ? start + (length ?? Number.NaN) : start;
  if (!(first >= 0 && first < step)) return undefined;
  const reaches = length === null ? end >= 2 ** 31 - 1 : slicedLength(length, start, end, step) === Math.ceil((length - first) / step);
  return reaches ? first : undefined;
}

/** The step of evenly spaced places in ascending order, 1 for a single one; undefined for other places. */
export function evenStep(places: readonly number[]): number | undefined {
  const [first = -1, second = first + 1] = places;
  const step = second - first;
  const isEven = places.every((place, index) => place === first + index * step);
  return first >= 0 && step >= 1 && isEven ? step : undefined;
}

/** More axes than any tensor has. */
const mostAxes = 64;

/**
 * A shape as a tensor can have it: what arithmetic on sizes that contradict each other gives, such as a negative length, is not known.
 * Undefined for more axes than any tensor has.
 */
export function possibleShape(shape: readonly Dimension[] | undefined): readonly Dimension[] | undefined {
  if (shape === undefined || shape.length > mostAxes) return undefined;
  return shape.every(isPossible) ? shape : shape.map((length) => (isPossible(length) ? length : null));
}

function isPossible(length: Dimension): boolean {
  return length === null || (Number.isSafeInteger(length) && length >= 0);
}

/** A shape for people: `1 × 64 × ? × ?`, with open lengths as question marks. */
export function shapeText(shape: Shape): string {
  return shape === undefined ? 'unknown' : shape.map((length) => length ?? '?').join(' × ');
}
