import { slicedLength } from '../../../graph/shapes';
import type { Dimension } from '../../../graph/model-graph';
import { deferredLimit } from './constants';
import { elementCount } from '../wire/tensor-values';

/** Values in row-major order with their shape; entries null where unknown. */
export interface KnownArray {
  readonly shape: readonly number[];
  readonly values: readonly Dimension[];
}

/** For each axis, the source places that the result reads, in order. */
type Places = readonly (readonly number[])[];

/** Reads the array at the given places; undefined where that would be too many. */
function pick({ shape, values }: KnownArray, places: Places): readonly Dimension[] | undefined {
  const count = places.reduce((total, list) => total * list.length, 1);
  if (!(count <= deferredLimit)) return undefined;
  let offsets: readonly number[] = [0];
  for (const [axis, list] of places.entries()) {
    const step = elementCount(shape.slice(axis + 1));
    offsets = offsets.flatMap((offset) => list.map((place) => offset + place * step));
  }
  return offsets.map((offset) => values[offset] ?? null);
}

function every(length: number): readonly number[] {
  return Array.from({ length }, (_, place) => place);
}

/** Transpose. */
export function permuteArray({ shape, values }: KnownArray, order: readonly number[]): readonly Dimension[] | undefined {
  if (order.length !== shape.length) return undefined;
  const steps = order.map((axis) => elementCount(shape.slice(axis + 1)));
  let offsets: readonly number[] = [0];
  for (const [place, axis] of order.entries()) {
    const step = steps[place] ?? 1;
    offsets = offsets.flatMap((offset) => every(shape[axis] ?? 1).map((index) => offset + index * step));
  }
  return offsets.map((offset) => values[offset] ?? null);
}

/** Concat along an axis. */
export function joinArrays(arrays: readonly KnownArray[], axis: number): readonly Dimension[] | undefined {
  const outer = elementCount(arrays[0]?.shape.slice(0, axis) ?? []);
  if (arrays.reduce((total, { values }) => total + values.length, 0) > deferredLimit) return undefined;
  const joined: Dimension[] = [];
  for (let index = 0; index < outer; index++) {
    for (const { values } of arrays) {
      const chunk = values.length / outer;
      for (let place = index * chunk; place < (index + 1) * chunk; place++) joined.push(values[place] ?? null);
    }
  }
  return joined;
}

/** Gather along an axis; negative indices count from the end. */
export function gatherArray(array: KnownArray, axis: number, indices: readonly number[]): readonly Dimension[] | undefined {
  const length = array.shape[axis] ?? 0;
  const places = indices.map((index) => (index < 0 ? index + length : index));
  if (places.some((place) => place < 0 || place >= length)) return undefined;
  return pick(
    array,
    array.shape.map((extent, other) => (other === axis ? places : every(extent))),
  );
}

/** Slice along several axes, steps of any sign. */
export function sliceArray(
  array: KnownArray,
  cuts: readonly { readonly axis: number; readonly start: number; readonly end: number; readonly step: number }[],
): readonly Dimension[] | undefined {
  const places: (readonly number[])[] = array.shape.map(every);
  for (const { axis, start, end, step } of cuts) {
    const length = array.shape[axis];
    const count = slicedLength(length ?? null, start, end, step);
    if (length === undefined || count === null) return undefined;
    const fromFront = start < 0 ? start + length : start;
    const first = step > 0 ? Math.min(Math.max(fromFront, 0), length) : Math.min(Math.max(fromFront, -1), length - 1);
    places[axis] = Array.from({ length: count }, (_, index) => first + index * step);
  }
  return pick(array, places);
}

/** Tile. */
export function tileArray(array: KnownArray, repeats: readonly number[]): readonly Dimension[] | undefined {
  const count = array.shape.reduce((total, length, axis) => total * length * (repeats[axis] ?? 1), 1);
  if (!(count <= deferredLimit) || !repeats.every(isShort)) return undefined;
  return pick(
    array,
    array.shape.map((length, axis) => every(length * (repeats[axis] ?? 1)).map((place) => place % length)),
  );
}

/** NumPy's broadcasting to a shape. */
export function stretchArray(array: KnownArray, shape: readonly number[]): readonly Dimension[] | undefined {
  const missing = shape.length - array.shape.length;
  if (missing < 0 || !(elementCount(shape) <= deferredLimit) || !shape.every(isShort)) return undefined;
  const full = { shape: [...new Array<number>(missing).fill(1), ...array.shape], values: array.values };
  return pick(
    full,
    shape.map((length, axis) => (full.shape[axis] === 1 ? new Array<number>(length).fill(0) : every(length))),
  );
}

/** One value for each place along the axes that stay, in order; null where one that it is made of is. */
export function reduceArray(
  { shape, values }: KnownArray,
  axes: ReadonlySet<number>,
  operation: (values: readonly number[]) => Dimension,
): readonly Dimension[] {
  const kept = shape.map((length, axis) => (axes.has(axis) ? 1 : length));
  const groups = Array.from({ length: elementCount(kept) }, (): Dimension[] => []);
  const steps = shape.map((_, axis) => (axes.has(axis) ? 0 : elementCount(kept.slice(axis + 1))));
  const inner = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  for (const [index, value] of values.entries()) {
    const group = shape.reduce((sum, length, axis) => sum + (Math.floor(index / (inner[axis] ?? 1)) % length) * (steps[axis] ?? 0), 0);
    groups[group]?.push(value);
  }
  return groups.map((group) => (group.every((value) => value !== null) ? operation(group) : null));
}

/** Of an array with an axis of length 0, the others may be of any length. */
function isShort(length: number): boolean {
  return length >= 0 && length <= deferredLimit;
}
