import { equivarianceAt, equivarianceOfSums } from '../../../core/equivariance/measure/closed-form';
import type { AxisPair } from '../../../core/graph/model-graph';
import type { PlaceSums, ReferenceMap } from '../../../core/equivariance/measure/products';
import type { SummedLevel, SumsBatch } from '../../../core/equivariance/walk/circular-model';
import { terms } from '../../../core/equivariance/measure/products';
import { batchSize, type Batches, type ResultBatch } from '../one-by-one';

/** A graphics card that is farther from the processor is not trusted. */
export const largestDifference = 1e-3;

/** Half a sample along both axes: all four terms of the closed form count alike. */
const halfSample: AxisPair = [0.5, 0.5];
const oneSample: AxisPair = [1, 1];

/** The last image of every tensor of a batch: what memory was too small for is missing there first. */
export function lastImages(batches: Batches): Batches {
  const images = batchSize(batches);
  return new Map([...batches].map(([name, batch]) => [name, imageOf(batch, images - 1, images)]));
}

function imageOf({ data, dims }: ResultBatch<Float32Array>, image: number, images: number): ResultBatch<Float32Array> {
  const length = data.length / images;
  return { data: data.subarray(image * length, (image + 1) * length), dims: [1, ...dims.slice(1)] };
}

/** Whether the last image of a batch is all zeros in some tensor. */
export function hasEmptyImage(batches: Batches): boolean {
  return [...lastImages(batches).values()].some(({ data }) => data.every((value) => value === 0));
}

/** The same by sums. */
export function hasEmptySums(sums: SummedLevel['sums']): boolean {
  return [...sums.values()].some((batch) => lastSums(batch).squares.every((square) => square === 0));
}

/** How far maps are from others: |a - b| / |b|, the largest over all tensors. Infinite where one is missing. */
export function mapDifference(given: Batches, expected: Batches): number {
  return Math.max(
    0,
    ...[...given].map(([name, { data }]) => {
      const other = expected.get(name);
      return other?.data.length === data.length ? relativeDifference(data, other.data) : Infinity;
    }),
  );
}

/** Values that are no numbers agree with such. */
function relativeDifference(given: Float32Array, expected: Float32Array): number {
  let [difference, square] = [0, 0];
  for (const [index, value] of expected.entries()) {
    const other = given[index] ?? Number.NaN;
    if (!Number.isFinite(value) && !Number.isFinite(other)) continue;
    difference += (other - value) ** 2;
    square += value * value;
  }
  if (difference === 0) return 0;
  return Number.isFinite(difference) ? Math.sqrt(difference / square) : Infinity;
}

/**
 * How far the sums of the closed form are from those of maps, by the value of a heatmap that they come to.
 * @param given of a batch, whose last image counts @param maps of that image
 */
export function sumsDifference({ sums }: Pick<SummedLevel, 'sums'>, references: ReadonlyMap<string, ReferenceMap>, maps: Batches): number {
  const differences = [...sums].map(([tensor, batch]) => {
    const [reference, map] = [references.get(tensor), maps.get(tensor)];
    if (reference === undefined || map === undefined) return Infinity;
    const value = equivarianceOfSums(reference, lastSums(batch), halfSample, oneSample);
    const expected = equivarianceAt(reference, map.data, halfSample, oneSample);
    const bothMissing = !Number.isFinite(value) && !Number.isFinite(expected);
    const difference = Math.abs(value - expected);
    return bothMissing ? 0 : Number.isNaN(difference) ? Infinity : difference;
  });
  return Math.max(0, ...differences);
}

function lastSums({ images, squares, products }: SumsBatch): PlaceSums {
  const places = squares.length / images;
  return { squares: squares.subarray((images - 1) * places), products: products.subarray((images - 1) * places * terms) };
}
