import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { FeatureMaps } from '../../../src/panel-protocol/studies/features';

/** One channel of both maps as E[s] compares them: upsampled (nearest) to the image, that of the unshifted image moved by s. */
export interface ComparedChannel {
  /** Of the image; of the map along an axis where that is finer. */
  readonly size: AxisPair;
  /** Shift_s F(X), row-major. */
  readonly moved: Float32Array;
  /** F(Shift_s X). */
  readonly shifted: Float32Array;
  /** How far apart they are. */
  readonly difference: Float32Array;
}

/** @param place of the channel among those that the maps hold */
export function comparedChannel(
  { layer: { size: mapSize }, imageSize, shift, original, shifted }: FeatureMaps,
  place: number,
): ComparedChannel {
  const [mapHeight, mapWidth] = mapSize;
  const size: AxisPair = [Math.max(imageSize[0], mapHeight), Math.max(imageSize[1], mapWidth)];
  const [height, width] = size;
  const sampled = (map: Float32Array, down: number, right: number): Float32Array =>
    Float32Array.from({ length: height * width }, (_, pixel) => {
      const row = cellAt(Math.floor(pixel / width) - (down * height) / imageSize[0], height, mapHeight);
      const column = cellAt((pixel % width) - (right * width) / imageSize[1], width, mapWidth);
      return map[(place * mapHeight + row) * mapWidth + column] ?? 0;
    });
  const moved = sampled(original, shift[0], shift[1]);
  const own = sampled(shifted, 0, 0);
  return { size, moved, shifted: own, difference: moved.map((value, pixel) => Math.abs(value - (own[pixel] ?? 0))) };
}

/** The cell of an axis that a pixel falls into, counted round the image. */
function cellAt(pixel: number, pixels: number, cells: number): number {
  const wrapped = ((pixel % pixels) + pixels) % pixels;
  return Math.floor((wrapped * cells) / pixels);
}
