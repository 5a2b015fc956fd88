import { wrapIndex } from '../../../src/core/graph/circle';
import type { FeatureGeometry } from '../../../src/core/equivariance/measure/feature-geometry';
import type { Metric } from '../../../src/core/equivariance/measure/measurement';
import type { AxisPair } from '../../../src/core/graph/model-graph';

/**
 * E[s] by its definition (docs/equivariance.md, section 1): upsample both maps to the image, roll the first by s, compare. Where a map is
 * finer than the image, or does not divide it, image and map are refined to a grid that both divide.
 */
export function bruteForceEquivariance(
  unshifted: Float32Array,
  shifted: Float32Array,
  geometry: FeatureGeometry,
  metric: Metric,
  shift: AxisPair,
  stride: AxisPair,
): number {
  const finer = stride.map(
    (step) =>
      Array.from({ length: 12 }, (_, index) => index + 1).find((times) => Math.abs(step * times - Math.round(step * times)) < 1e-9) ?? 1,
  );
  const [y = 1, x = 1] = finer;
  return onGrid(unshifted, shifted, geometry, metric, [shift[0] * y, shift[1] * x], [Math.round(stride[0] * y), Math.round(stride[1] * x)]);
}

function onGrid(
  unshifted: Float32Array,
  shifted: Float32Array,
  geometry: FeatureGeometry,
  metric: Metric,
  shift: AxisPair,
  stride: AxisPair,
): number {
  const { channels, size, layout } = geometry;
  const image: AxisPair = [size[0] * stride[0], size[1] * stride[1]];
  const sample = (map: Float32Array, channel: number, y: number, x: number): number => {
    const [row, column] = [Math.floor(y / stride[0]), Math.floor(x / stride[1])];
    return layout === 'channels-first'
      ? map[(channel * size[0] + row) * size[1] + column]!
      : map[(row * size[1] + column) * channels + channel]!;
  };
  const vectors: { a: number[]; b: number[] }[] = [];
  for (let y = 0; y < image[0]; y++) {
    for (let x = 0; x < image[1]; x++) {
      const list = Array.from({ length: channels }, (_, channel) => channel);
      vectors.push({
        a: list.map((channel) => sample(unshifted, channel, wrapIndex(y - shift[0], image[0]), wrapIndex(x - shift[1], image[1]))),
        b: list.map((channel) => sample(shifted, channel, y, x)),
      });
    }
  }
  if (metric === 'flat')
    return cosine(
      vectors.flatMap(({ a }) => a),
      vectors.flatMap(({ b }) => b),
    );
  return vectors.reduce((sum, { a, b }) => sum + cosine(a, b), 0) / vectors.length;
}

function cosine(a: number[], b: number[]): number {
  const [normA, normB] = [Math.hypot(...a), Math.hypot(...b)];
  if (normA < 1e-12 || normB < 1e-12) return normA < 1e-12 && normB < 1e-12 ? 1 : 0;
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0) / (normA * normB);
}

/** Reproducible numbers in [-1, 1) (mulberry32); about one in four is zero, as behind a ReLU. */
export function randomNumbers(count: number, seed: number): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => (next() < 0.25 ? 0 : 2 * next() - 1));
}

/** The deployed protocol's E[s] by its definition: upsample both maps to the image, move the first, compare where both are. */
export function overlapByDefinition(
  unshifted: Float32Array,
  shifted: Float32Array,
  geometry: FeatureGeometry,
  image: AxisPair,
  shift: AxisPair,
  metric: Metric,
): number {
  const {
    channels,
    size: [height, width],
    layout,
  } = geometry;
  const vector = (map: Float32Array, y: number, x: number): number[] => {
    const [row, column] = [Math.floor((y * height) / image[0]), Math.floor((x * width) / image[1])];
    return Array.from({ length: channels }, (_, channel) =>
      layout === 'channels-first' ? map[(channel * height + row) * width + column]! : map[(row * width + column) * channels + channel]!,
    );
  };
  const pairs: { a: number[]; b: number[] }[] = [];
  for (let y = 0; y < image[0]; y++) {
    for (let x = 0; x < image[1]; x++) {
      const [fromY, fromX] = [y - shift[0], x - shift[1]];
      if (fromY >= 0 && fromY < image[0] && fromX >= 0 && fromX < image[1])
        pairs.push({ a: vector(unshifted, fromY, fromX), b: vector(shifted, y, x) });
    }
  }
  if (metric === 'flat')
    return cosine(
      pairs.flatMap(({ a }) => a),
      pairs.flatMap(({ b }) => b),
    );
  return pairs.reduce((sum, { a, b }) => sum + cosine(a, b), 0) / pairs.length;
}
