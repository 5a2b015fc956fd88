import { encodePng, Image } from 'image-js';
import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import { area } from '../../core/graph/period';
import type { AxisPair } from '../../core/graph/model-graph';
import { featureNames } from '../../core/report/features-report';
import { greyOf, jointScale } from '../../core/report/grey-scale';
import { encodeNpy } from '../../core/report/npy';
import type { MapFile } from './map-file';

/** Side in pixels that maps on a sheet are enlarged towards, and the gap between them. */
const shownSide = 64;
const gap = 2;

/**
 * F(X) and F(Shift_s X) as `[channels, height, width]` float32 `.npy`, each with a PNG beside it that shows all its
 * channels in rows. A channel has the same scale on both sheets, from its lowest value (black) to its highest (white).
 */
export function featureFiles(maps: FeatureMaps): readonly MapFile[] {
  const {
    layer: { size },
    channels: { count },
    original,
    shifted,
  } = maps;
  const names = featureNames(maps);
  const scales = Array.from({ length: count }, (_, channel) =>
    jointScale(channelOf(original, channel, size), channelOf(shifted, channel, size)),
  );
  const filesOf = (name: string, map: Float32Array): readonly MapFile[] => [
    { name: `${name}.npy`, encode: () => encodeNpy(map, [count, ...size]) },
    {
      name: `${name}.png`,
      encode: () =>
        contactSheet(
          scales.map((scale, channel) => Uint8Array.from(channelOf(map, channel, size), (value) => greyOf(value, scale))),
          size,
        ),
    },
  ];
  return [...filesOf(names.original, original), ...filesOf(names.shifted, shifted)];
}

function channelOf(map: Float32Array, channel: number, size: AxisPair): Float32Array {
  return map.subarray(channel * area(size), (channel + 1) * area(size));
}

/** Grey tiles of one size row by row, about as many rows as columns. */
function contactSheet(tiles: readonly Uint8Array[], [height, width]: AxisPair): Uint8Array {
  const scale = Math.max(1, Math.floor(shownSide / Math.max(height, width)));
  const columns = Math.ceil(Math.sqrt(tiles.length));
  const pitch: AxisPair = [height * scale + gap, width * scale + gap];
  const [sheetHeight, sheetWidth] = [Math.ceil(tiles.length / columns) * pitch[0] - gap, columns * pitch[1] - gap];
  const pixels = new Uint8Array(sheetHeight * sheetWidth);
  for (const [index, tile] of tiles.entries()) {
    const [top, left] = [Math.floor(index / columns) * pitch[0], (index % columns) * pitch[1]];
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        pixels[(top + y) * sheetWidth + left + x] = tile[Math.floor(y / scale) * width + Math.floor(x / scale)] ?? 0;
      }
    }
  }
  return encodePng(new Image(sheetWidth, sheetHeight, { data: pixels, colorModel: 'GREY' }));
}
