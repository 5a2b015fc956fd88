import type { AxisPair } from '../../graph/model-graph';
import type { FeatureGeometry } from './feature-geometry';
import type { Metric } from './measurement';
import { cosine } from './closed-form';

/** Pixels of one axis at which a cell of the unshifted map, moved along, meets a cell of the shifted image's map. */
interface CellPair {
  readonly unshifted: number;
  readonly shifted: number;
  readonly pixels: number;
}

/** Which maps are compared, and how. */
export interface OverlapQuestion {
  /** Of both maps. */
  readonly geometry: FeatureGeometry;
  /** Height and width in pixels. */
  readonly imageSize: AxisPair;
  /** In pixels, by which the content of the image moved down and right. */
  readonly shift: AxisPair;
  readonly metric: Metric;
}

/**
 * Equivariance at one shift under the deployed protocol: the same cosine between the upsampled maps as everywhere (nearest
 * upsampling to the image's size, the unshifted one moved by the shift), taken over the pixels that both maps cover. Maps
 * need not divide the image: cell `floor(y h / H)` stands for pixel y. Exact, without upsampling anything: every pair of
 * cells counts for the pixels at which it meets.
 *
 * @param unshifted F_0, one sample; @param shifted F_s, one sample
 * @returns in [-1, 1]; 1 where nothing overlaps
 */
export function overlapEquivariance(
  unshifted: Float32Array,
  shifted: Float32Array,
  { geometry, imageSize, shift, metric }: OverlapQuestion,
): number {
  const rows = cellPairs(geometry.size[0], imageSize[0], shift[0]);
  const columns = cellPairs(geometry.size[1], imageSize[1], shift[1]);
  const {
    layout,
    channels,
    size: [height, width],
  } = geometry;
  const [pixel, channelStep] = layout === 'channels-first' ? [1, height * width] : [channels, 1];
  let [product, squareA, squareB, cosines, pixels] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    for (const column of columns) {
      let a = (row.unshifted * width + column.unshifted) * pixel;
      let b = (row.shifted * width + column.shifted) * pixel;
      let [dot, normA, normB] = [0, 0, 0];
      for (let channel = 0; channel < channels; channel++) {
        const [x, y] = [unshifted[a] ?? 0, shifted[b] ?? 0];
        dot += x * y;
        normA += x * x;
        normB += y * y;
        a += channelStep;
        b += channelStep;
      }
      const count = row.pixels * column.pixels;
      pixels += count;
      product += count * dot;
      squareA += count * normA;
      squareB += count * normB;
      if (metric === 'channel') cosines += count * cosine(dot, Math.sqrt(normA), Math.sqrt(normB));
    }
  }
  const value = metric === 'channel' ? (pixels === 0 ? 1 : cosines / pixels) : cosine(product, Math.sqrt(squareA), Math.sqrt(squareB));
  return Math.min(1, Math.max(-1, value));
}

function cellPairs(cells: number, length: number, shift: number): readonly CellPair[] {
  const pairs: { unshifted: number; shifted: number; pixels: number }[] = [];
  for (let position = Math.max(0, shift); position < Math.min(length, length + shift); position++) {
    const unshifted = Math.floor(((position - shift) * cells) / length);
    const shifted = Math.floor((position * cells) / length);
    const last = pairs.at(-1);
    if (last?.unshifted === unshifted && last.shifted === shifted) last.pixels++;
    else pairs.push({ unshifted, shifted, pixels: 1 });
  }
  return pairs;
}
