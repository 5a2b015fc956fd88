import type { AxisPair } from '../../graph/model-graph';
import { featureLength, rowView, type FeatureGeometry } from './feature-geometry';
import { wrapIndex } from '../../graph/circle';
import type { Metric } from './measurement';
import { plainProducts, type Products, type ProductSums, type ReferenceMap } from './products';
import { rollInto } from '../walk/roll';

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
  const whole: AxisPair = [Math.floor(shift[0] / stride[0]), Math.floor(shift[1] / stride[1])];
  const down = (shift[0] - whole[0] * stride[0]) / stride[0];
  const right = (shift[1] - whole[1] * stride[1]) / stride[1];
  const weights: TermWeights = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
  const aligned = rolledBack(shifted, reference.geometry, whole);
  const value = reference.metric === 'flat' ? flat(reference, aligned, weights, products) : channel(reference, aligned, weights);
  return Math.min(1, Math.max(-1, value));
}

/** Weight per term, for F_0 rolled by (0, 0), (0, 1), (1, 0), (1, 1). */
type TermWeights = readonly [number, number, number, number];

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

/** Cosine of the whole maps: linear in the rolled F_0, so the weighted products are summed up before the norms divide. */
function flat(reference: ReferenceMap, shifted: Float32Array, weights: TermWeights, products: Products): number {
  const { square, same, right, down, both } = finiteSums(products(reference, shifted)) ?? plainProducts(reference, shifted);
  const product = weights[0] * same + weights[1] * right + weights[2] * down + weights[3] * both;
  return cosine(product, reference.norms[0] ?? 0, Math.sqrt(square));
}

/** Undefined where a sum left the range of the numbers that an engine sums in, which values of 1e19 do in 32 bits. */
function finiteSums(sums: ProductSums): ProductSums | undefined {
  const { square, same, right, down, both } = sums;
  return Number.isFinite(square + same + right + down + both) ? sums : undefined;
}

/** Mean over positions of the cosine along channels. */
function channel({ extended, geometry, norms }: ReferenceMap, shifted: Float32Array, weights: TermWeights): number {
  const { layout, channels } = geometry;
  const [height, width] = geometry.size;
  const positions = height * width;
  const extendedPositions = (height + 1) * (width + 1);
  const [pixel, targetStep, sourceStep] = layout === 'channels-first' ? [1, positions, extendedPositions] : [channels, 1, 1];
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const aboveLeft = y * (width + 1) + x;
      const levelLeft = aboveLeft + width + 1;
      let target = (y * width + x) * pixel;
      let above = aboveLeft * pixel;
      let level = levelLeft * pixel;
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
      const length = Math.sqrt(square);
      sum +=
        weights[0] * cosine(same, norms[levelLeft + 1] ?? 0, length) +
        weights[1] * cosine(right, norms[levelLeft] ?? 0, length) +
        weights[2] * cosine(down, norms[aboveLeft + 1] ?? 0, length) +
        weights[3] * cosine(both, norms[aboveLeft] ?? 0, length);
    }
  }
  return sum / positions;
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
      extended.set(data.subarray(from + rowLength - step, from + rowLength), to);
      extended.set(data.subarray(from, from + rowLength), to + step);
    }
  }
  return extended;
}

function norm(data: Float32Array): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
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
