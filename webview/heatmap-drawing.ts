import { toRgb, type ColourMap } from '../src/core/report/colour-map';
import type { MeasuredHeatmap } from './heatmap-reading';
import { positionIn, type ValueRange } from './value-range';

/** Fills a canvas of the image's size with the repeated tile, one pixel a shift, shift (0, 0) at the top left. */
export function drawHeatmap(canvas: HTMLCanvasElement, heatmap: MeasuredHeatmap, colourMap: ColourMap, range: ValueRange): void {
  const context = canvas.getContext('2d');
  const pattern = context?.createPattern(drawTile(heatmap, colourMap, range), 'repeat') ?? null;
  if (context === null || pattern === null) return;
  context.imageSmoothingEnabled = false;
  context.fillStyle = pattern;
  context.fillRect(0, 0, canvas.width, canvas.height);
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
