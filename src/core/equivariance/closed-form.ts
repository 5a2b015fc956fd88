import type { AxisPair } from '../graph/model-graph';
import { rowView, wrapIndex, type FeatureGeometry } from './feature-geometry';
import type { Metric } from './measurement';

/** Norms below this count as zero: two zero vectors agree (1), a zero and a non-zero one do not (0). */
const zeroNorm = 1e-12;

/** F_0, the feature map of the unshifted image, with its norms taken once. */
export interface ReferenceMap {
  readonly data: Float32Array;
  readonly geometry: FeatureGeometry;
  readonly metric: Metric;
  /** One norm for `flat`, one per position for `channel`. */
  readonly norms: Float64Array;
}

/** Prepares F_0 for comparison with the maps of shifted images. */
export function referenceMap(data: Float32Array, geometry: FeatureGeometry, metric: Metric): ReferenceMap {
  return { data, geometry, metric, norms: metric === 'flat' ? flatNorm(data) : channelNorms(data, geometry) };
}

/**
 * E[s] of DESIGN section 2 for nearest upsampling: the cosine between Shift_s of the upsampled F_0 and the upsampled F_s,
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
): number {
  const { geometry, metric } = reference;
  const norms = metric === 'flat' ? flatNorm(shifted) : channelNorms(shifted, geometry);
  let value = 0;
  for (const vertical of axisTerms(shift[0], stride[0])) {
    for (const horizontal of axisTerms(shift[1], stride[1])) {
      const amount: AxisPair = [vertical.amount, horizontal.amount];
      const term =
        metric === 'flat'
          ? cosine(flatProduct(reference, shifted, amount), reference.norms[0] ?? 0, norms[0] ?? 0)
          : meanChannelCosine(reference, shifted, norms, amount);
      value += vertical.weight * horizontal.weight * term;
    }
  }
  return Math.min(1, Math.max(-1, value));
}

function axisTerms(shift: number, stride: number): readonly { readonly amount: number; readonly weight: number }[] {
  const whole = Math.floor(shift / stride);
  const part = (shift - whole * stride) / stride;
  if (part === 0) return [{ amount: whole, weight: 1 }];
  return [
    { amount: whole, weight: 1 - part },
    { amount: whole + 1, weight: part },
  ];
}

function cosine(product: number, normA: number, normB: number): number {
  if (normA < zeroNorm || normB < zeroNorm) return normA < zeroNorm && normB < zeroNorm ? 1 : 0;
  return product / (normA * normB);
}

function flatNorm(data: Float32Array): Float64Array {
  let sum = 0;
  for (const value of data) sum += value * value;
  return Float64Array.of(Math.sqrt(sum));
}

/** Inner product of F_0 rolled by `amount` with F_s. Each row falls into two runs of consecutive numbers. */
function flatProduct({ data, geometry }: ReferenceMap, shifted: Float32Array, amount: AxisPair): number {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const right = wrapIndex(amount[1], geometry.size[1]) * step;
  let sum = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const from = (plane * rows + wrapIndex(row - amount[0], rows)) * rowLength;
      const to = (plane * rows + row) * rowLength;
      sum += product(data, from + rowLength - right, shifted, to, right);
      sum += product(data, from, shifted, to + right, rowLength - right);
    }
  }
  return sum;
}

function product(a: Float32Array, startA: number, b: Float32Array, startB: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += (a[startA + index] ?? 0) * (b[startB + index] ?? 0);
  return sum;
}

function meanChannelCosine(
  { data, geometry, norms }: ReferenceMap,
  shifted: Float32Array,
  shiftedNorms: Float64Array,
  amount: AxisPair,
): number {
  const [height, width] = geometry.size;
  const positions = height * width;
  const [channelStep, pixelStep] = geometry.layout === 'channels-first' ? [positions, 1] : [1, geometry.channels];
  const channelSpan = channelStep * geometry.channels;
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const sourceRow = wrapIndex(y - amount[0], height) * width;
    for (let x = 0; x < width; x++) {
      const source = sourceRow + wrapIndex(x - amount[1], width);
      const target = y * width + x;
      let dot = 0;
      for (let offset = 0; offset < channelSpan; offset += channelStep) {
        dot += (data[source * pixelStep + offset] ?? 0) * (shifted[target * pixelStep + offset] ?? 0);
      }
      sum += cosine(dot, norms[source] ?? 0, shiftedNorms[target] ?? 0);
    }
  }
  return sum / positions;
}

function channelNorms(data: Float32Array, geometry: FeatureGeometry): Float64Array {
  const { layout, channels, size } = geometry;
  const positions = size[0] * size[1];
  const squares = new Float64Array(positions);
  data.forEach((value, index) => {
    const position = layout === 'channels-first' ? index % positions : Math.floor(index / channels);
    squares[position] = (squares[position] ?? 0) + value * value;
  });
  return squares.map((square) => Math.sqrt(square));
}
