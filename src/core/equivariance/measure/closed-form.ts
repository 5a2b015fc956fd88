import type { AxisPair } from '../../graph/model-graph';
import { featureLength, rowView, type FeatureGeometry } from './feature-geometry';
import { wrapIndex } from '../../graph/circle';
import type { Metric } from './measurement';
import { plainProducts, terms, type PlaceSums, type Products, type ProductSums, type ReferenceMap } from './products';
import type { MeasuredLayer } from '../plan/measure-plan';
import { copyRun, rollInto } from '../walk/roll';

/** Norms below this count as zero: two zero vectors agree (1), a zero and a non-zero one do not (0). */
const zeroNorm = 1e-12;

/** Prepares F_0 for comparison with the maps of shifted images. */
export function referenceMap(data: Float32Array, geometry: FeatureGeometry, metric: Metric): ReferenceMap {
  const extended = extend(data, geometry);
  const norms = metric === 'flat' ? Float64Array.of(norm(data)) : positionNorms(extended, extendedGeometry(geometry));
  return { extended, geometry, metric, norms };
}

/**
 * E[s] (docs/equivariance.md, section 2) for nearest upsampling: the cosine between Shift_s of the upsampled F_0 and the upsampled F_s,
 * taken on the maps as they are. With m = floor(s / Q) and r = s mod Q per axis, a share (1 - r/Q) of the pixels meets
 * F_0 rolled by m, the share r/Q meets F_0 rolled by m + 1; the two axes give four terms.
 *
 * @param shifted F_s, the map of the image shifted by `shift`.
 * @param shift in image pixels; must not have been reduced modulo a period, since m depends on it.
 * @param stride Q, image pixels per sample.
 */
export function equivarianceAt(
  reference: ReferenceMap,
  shifted: Float32Array,
  shift: AxisPair,
  stride: AxisPair,
  products: Products = plainProducts,
): number {
  const aligned = rolledBack(shifted, reference.geometry, wholeSamples(shift, stride));
  const sums = reference.metric === 'flat' ? flatSums(reference, aligned, products) : positionSums(reference, aligned);
  return equivarianceOfSums(reference, sums, shift, stride);
}

/** E[s] by the sums of F_s, rolled back by m; see `equivarianceAt`. */
export function equivarianceOfSums(reference: ReferenceMap, sums: PlaceSums, shift: AxisPair, stride: AxisPair): number {
  const value = weightedCosine(reference, sums, termWeights(shift, stride));
  return Math.min(1, Math.max(-1, value));
}

/** m: by how many whole samples a shift moves a map. */
function wholeSamples(shift: AxisPair, stride: AxisPair): AxisPair {
  return [Math.floor(shift[0] / stride[0]), Math.floor(shift[1] / stride[1])];
}

/** Whether m rolls a map onto itself at every shift within a period, so that its sums can be taken on F_s as it is. */
export function staysInPlace({ size, period, spatialStride }: Pick<MeasuredLayer, 'size' | 'period' | 'spatialStride'>): boolean {
  return ([0, 1] as const).every((axis) => size[axis] === 1 || period[axis] <= spatialStride[axis]);
}

/** Weight per term, for F_0 rolled by (0, 0), (0, 1), (1, 0), (1, 1). */
type TermWeights = readonly [number, number, number, number];

function termWeights(shift: AxisPair, stride: AxisPair): TermWeights {
  const whole = wholeSamples(shift, stride);
  const down = (shift[0] - whole[0] * stride[0]) / stride[0];
  const right = (shift[1] - whole[1] * stride[1]) / stride[1];
  return [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
}

/** Rolling F_s back by m compares as rolling F_0 on by m does, and leaves rolls by 0 or 1 to the terms. */
function rolledBack(shifted: Float32Array, geometry: FeatureGeometry, whole: AxisPair): Float32Array {
  if (wrapIndex(whole[0], geometry.size[0]) === 0 && wrapIndex(whole[1], geometry.size[1]) === 0) return shifted;
  const rolled = new Float32Array(shifted.length);
  rollInto(rolled, 0, shifted, geometry, [-whole[0], -whole[1]]);
  return rolled;
}

/** Cosine from a product and two norms; NaN where a value was not finite. */
export function cosine(product: number, normA: number, normB: number): number {
  if (!(normA + normB < Infinity)) return Number.NaN;
  if (normA < zeroNorm || normB < zeroNorm) return normA < zeroNorm && normB < zeroNorm ? 1 : 0;
  return product / (normA * normB);
}

/** The sums of the whole map; those of an engine unless they left the range of the numbers that it sums in. */
function flatSums(reference: ReferenceMap, shifted: Float32Array, products: Products): PlaceSums {
  const given = placeOf(products(reference, shifted));
  return areFinite(given) ? given : placeOf(plainProducts(reference, shifted));
}

function placeOf({ square, same, right, down, both }: ProductSums): PlaceSums {
  return { squares: Float64Array.of(square), products: Float64Array.of(same, right, down, both) };
}

/** Whether no sum left the range of the numbers that it was taken in, which values of 1e19 do in 32 bits. */
export function areFinite({ squares, products }: PlaceSums): boolean {
  return squares.every(Number.isFinite) && products.every(Number.isFinite);
}

/** The sums over channels at every position. */
function positionSums({ extended, geometry }: ReferenceMap, shifted: Float32Array): PlaceSums {
  const { layout, channels } = geometry;
  const [height, width] = geometry.size;
  const positions = height * width;
  const extendedPositions = (height + 1) * (width + 1);
  const [pixel, targetStep, sourceStep] = layout === 'channels-first' ? [1, positions, extendedPositions] : [channels, 1, 1];
  const sums = { squares: new Float64Array(positions), products: new Float64Array(positions * terms) };
  for (let position = 0; position < positions; position++) {
    const aboveLeft = leftAbove(position, width);
    let target = position * pixel;
    let above = aboveLeft * pixel;
    let level = (aboveLeft + width + 1) * pixel;
    let [square, same, right, down, both] = [0, 0, 0, 0, 0];
    for (let index = 0; index < channels; index++) {
      const value = shifted[target] ?? 0;
      square += value * value;
      same += value * (extended[level + pixel] ?? 0);
      right += value * (extended[level] ?? 0);
      down += value * (extended[above + pixel] ?? 0);
      both += value * (extended[above] ?? 0);
      target += targetStep;
      above += sourceStep;
      level += sourceStep;
    }
    sums.squares[position] = square;
    sums.products.set([same, right, down, both], position * terms);
  }
  return sums;
}

/** Position of the extended map that lies left of and above one of the map itself. */
function leftAbove(position: number, width: number): number {
  return position + Math.floor(position / width);
}

/** Mean over the places of the weighted cosines: one place for `flat`, and all positions for `channel`. */
function weightedCosine({ geometry, metric, norms }: ReferenceMap, { squares, products }: PlaceSums, weights: TermWeights): number {
  const [, width] = geometry.size;
  let sum = 0;
  for (let place = 0; place < squares.length; place++) {
    const length = Math.sqrt(squares[place] ?? 0);
    const above = leftAbove(place, width);
    const level = above + width + 1;
    const [same, right, down, both] = metric === 'flat' ? [0, 0, 0, 0] : [level + 1, level, above + 1, above];
    const first = place * terms;
    sum +=
      weights[0] * cosine(products[first] ?? 0, norms[same] ?? 0, length) +
      weights[1] * cosine(products[first + 1] ?? 0, norms[right] ?? 0, length) +
      weights[2] * cosine(products[first + 2] ?? 0, norms[down] ?? 0, length) +
      weights[3] * cosine(products[first + 3] ?? 0, norms[both] ?? 0, length);
  }
  return sum / squares.length;
}

/** True for a map without a signal: every comparison with it is that of a zero vector. */
export function isZeroMap({ norms }: ReferenceMap): boolean {
  return norms.every((norm) => norm < zeroNorm);
}

function extendedGeometry(geometry: FeatureGeometry): FeatureGeometry {
  return { ...geometry, size: [geometry.size[0] + 1, geometry.size[1] + 1] };
}

function extend(data: Float32Array, geometry: FeatureGeometry): Float32Array {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const extended = new Float32Array(featureLength(extendedGeometry(geometry)));
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row <= rows; row++) {
      const from = (plane * rows + wrapIndex(row - 1, rows)) * rowLength;
      const to = (plane * (rows + 1) + row) * (rowLength + step);
      copyRun(extended, to, data, from + rowLength - step, from + rowLength);
      copyRun(extended, to + step, data, from, from + rowLength);
    }
  }
  return extended;
}

/** F_0 rolled by (0, 0), (0, 1), (1, 0) and (1, 1), one behind another. */
export function rolledTerms({ extended, geometry }: ReferenceMap): Float32Array {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const rolled = new Float32Array(terms * featureLength(geometry));
  let to = 0;
  for (let term = 0; term < terms; term++) {
    const [down, right] = [term >> 1, term & 1];
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 1 - down; row <= rows - down; row++, to += rowLength) {
        const from = (plane * (rows + 1) + row) * (rowLength + step) + (1 - right) * step;
        copyRun(rolled, to, extended, from, from + rowLength);
      }
    }
  }
  return rolled;
}

function norm(data: Float32Array): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return Math.sqrt(sum);
}

/** Norm along channels per position. */
function positionNorms(data: Float32Array, geometry: FeatureGeometry): Float64Array {
  const { layout, channels, size } = geometry;
  const positions = size[0] * size[1];
  const squares = new Float64Array(positions);
  data.forEach((value, index) => {
    const position = layout === 'channels-first' ? index % positions : Math.floor(index / channels);
    squares[position] = (squares[position] ?? 0) + value * value;
  });
  return squares.map((square) => Math.sqrt(square));
}
