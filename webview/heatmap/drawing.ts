import { type ColourMap, toRgb } from '../../src/panel-protocol/core/colour-map';
import type { AxisPair } from '../../src/panel-protocol/core/geometry';
import { positionOn, type ValueScale } from '../../src/panel-protocol/core/value-scale';
import { tileSize, type MeasuredHeatmap } from './reading';

/** Fills a canvas with the tile repeated over the image, one pixel a shift, shift (0, 0) at the top left. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  [height, width]: AxisPair,
  heatmap: MeasuredHeatmap,
  colourMap: Pick<ColourMap, 'anchors'>,
  scale: ValueScale,
): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const pattern = context?.createPattern(drawTile(heatmap, colourMap, scale), 'repeat') ?? null;
  if (context === null || pattern === null) return;
  context.fillStyle = pattern;
  context.fillRect(0, 0, width, height);
}

/** Gives a canvas's memory back. */
export function clearHeatmap(canvas: HTMLCanvasElement): void {
  canvas.width = 0;
  canvas.height = 0;
}

/** One period of the map; a shift that was not run is drawn as the one before it that was. */
function drawTile(heatmap: MeasuredHeatmap, colourMap: Pick<ColourMap, 'anchors'>, scale: ValueScale): OffscreenCanvas {
  const {
    period: [periodY, periodX],
    step: [stepY, stepX],
  } = heatmap;
  const columns = tileSize(heatmap)[1];
  const colours = heatmap.tile.map((value) => [...toRgb(colourMap, positionOn(scale, value)), 255]);
  const pixels = new ImageData(periodX, periodY);
  for (let y = 0; y < periodY; y++) {
    for (let x = 0; x < periodX; x++) {
      const colour = colours[Math.floor(y / stepY) * columns + Math.floor(x / stepX)];
      if (colour !== undefined) pixels.data.set(colour, (y * periodX + x) * 4);
    }
  }
  const tile = new OffscreenCanvas(periodX, periodY);
  tile.getContext('2d')?.putImageData(pixels, 0, 0);
  return tile;
}
