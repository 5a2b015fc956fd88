import type { Dimension } from '../../../graph/model-graph';
import { elementCount } from '../wire/tensor-values';
import type { KnownArray } from './arrays';

/** What becomes of a value that a scatter meets. */
export type ScatterRule = (old: number, update: number) => number;

/** An index that counts from the end where it is negative; undefined where there is no such place. */
function placeAlong(index: Dimension | undefined, length: number): number | undefined {
  if (index === null || index === undefined) return undefined;
  const place = index < 0 ? index + length : index;
  return place >= 0 && place < length ? place : undefined;
}

/** Where the coordinates of an array's value `index` stand, with the one along `axis` replaced, in an array of another shape. */
function offsetsAlong(indices: KnownArray, shape: readonly number[], axis: number): readonly (number | undefined)[] {
  const steps = shape.map((_, place) => elementCount(shape.slice(place + 1)));
  const inner = indices.shape.map((_, place) => elementCount(indices.shape.slice(place + 1)));
  return indices.values.map((given, index) => {
    const along = placeAlong(given, shape[axis] ?? 0);
    if (along === undefined) return undefined;
    return indices.shape.reduce((offset, length, place) => {
      const coordinate = place === axis ? along : Math.floor(index / (inner[place] ?? 1)) % length;
      return offset + coordinate * (steps[place] ?? 1);
    }, 0);
  });
}

/** Where each tuple of indices begins in an array; `depth` axes are named by a tuple, behind `batches` common ones. */
function offsetsOfTuples(indices: KnownArray, shape: readonly number[], batches: number): readonly (number | undefined)[] {
  const depth = indices.shape.at(-1) ?? 0;
  const count = elementCount(indices.shape.slice(0, -1));
  const perBatch = count / elementCount(indices.shape.slice(0, batches));
  const batchStep = elementCount(shape.slice(batches));
  return Array.from({ length: count }, (_, tuple) => {
    let offset = Math.floor(tuple / perBatch) * batchStep;
    for (let axis = 0; axis < depth; axis++) {
      const place = placeAlong(indices.values[tuple * depth + axis], shape[batches + axis] ?? 0);
      if (place === undefined) return undefined;
      offset += place * elementCount(shape.slice(batches + axis + 1));
    }
    return offset;
  });
}

/** GatherElements. */
export function gatherElements(data: KnownArray, indices: KnownArray, axis: number): readonly Dimension[] | undefined {
  const offsets = offsetsAlong(indices, data.shape, axis);
  return offsets.every((offset) => offset !== undefined) ? offsets.map((offset) => data.values[offset] ?? null) : undefined;
}

/** GatherND. */
export function gatherTuples(data: KnownArray, indices: KnownArray, batches: number): readonly Dimension[] | undefined {
  const offsets = offsetsOfTuples(indices, data.shape, batches);
  const length = elementCount(data.shape.slice(batches + (indices.shape.at(-1) ?? 0)));
  if (!offsets.every((offset) => offset !== undefined)) return undefined;
  return offsets.flatMap((offset) => data.values.slice(offset, offset + length));
}

/** ScatterElements. */
export function scatterElements(
  data: KnownArray,
  indices: KnownArray,
  updates: KnownArray,
  axis: number,
  rule: ScatterRule | undefined,
): readonly Dimension[] | undefined {
  return scattered(data, offsetsAlong(indices, data.shape, axis), updates, rule);
}

/** ScatterND. */
export function scatterTuples(
  data: KnownArray,
  indices: KnownArray,
  updates: KnownArray,
  rule: ScatterRule | undefined,
): readonly Dimension[] | undefined {
  return scattered(data, offsetsOfTuples(indices, data.shape, 0), updates, rule);
}

/** Blocks of updates laid into an array, one for each offset. */
function scattered(
  { values }: KnownArray,
  offsets: readonly (number | undefined)[],
  updates: KnownArray,
  rule: ScatterRule | undefined,
): readonly Dimension[] | undefined {
  const result = [...values];
  const length = updates.values.length / Math.max(offsets.length, 1);
  for (const [index, offset] of offsets.entries()) {
    if (offset === undefined) return undefined;
    for (let place = 0; place < length; place++) {
      const update = updates.values[index * length + place] ?? null;
      const old = result[offset + place] ?? null;
      result[offset + place] = rule === undefined ? update : old === null || update === null ? null : rule(old, update);
    }
  }
  return result;
}
