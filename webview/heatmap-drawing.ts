import type { AxisPair } from '../src/core/graph/model-graph';
import { toRgb, type ColourMap } from '../src/core/report/colour-map';
import type { MeasuredHeatmap } from './heatmap-reading';
import { positionIn, type ValueRange } from './value-range';

/** Fills a canvas with the tile repeated over the image, one pixel a shift, shift (0, 0) at the top left. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  [height, width]: AxisPair,
  heatmap: MeasuredHeatmap,
  colourMap: ColourMap,
  range: ValueRange,
): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const pattern = context?.createPattern(drawTile(heatmap, colourMap, range), 'repeat') ?? null;
  if (context === null || pattern === null) return;
  context.fillStyle = pattern;
  context.fillRect(0, 0, width, height);
}

/** Gives a canvas's memory back. */
export function clearHeatmap(canvas: HTMLCanvasElement): void {
  canvas.width = 0;
  canvas.height = 0;
}

/** One period of the map. */
function drawTile(heatmap: MeasuredHeatmap, colourMap: ColourMap, range: ValueRange): OffscreenCanvas {
  const [periodY, periodX] = heatmap.period;
  const pixels = new ImageData(periodX, periodY);
  heatmap.tile.forEach((value, index) => {
    pixels.data.set([...toRgb(colourMap, positionIn(range, value)), 255], index * 4);
  });
  const tile = new OffscreenCanvas(periodX, periodY);
  tile.getContext('2d')?.putImageData(pixels, 0, 0);
  return tile;
}
