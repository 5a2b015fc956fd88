import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import { greyOf, type GreyScale } from '../../../src/panel-protocol/core/grey-scale';
import { displayScale } from '../display-scale';

/** Draws one channel of a feature map, small. */
export function drawGrey(canvas: HTMLCanvasElement, size: AxisPair, values: Float32Array, scale: GreyScale): void {
  const [height, width] = size;
  const drawn = displayScale(size, 64, 72);
  canvas.height = height;
  canvas.width = width;
  // Styles are set from here because the page's policy allows no style attributes.
  canvas.style.height = `${drawn.height}px`;
  canvas.style.width = `${drawn.width}px`;
  canvas.classList.toggle('whole', drawn.whole);
  const pixels = new ImageData(width, height);
  for (const [index, value] of values.entries()) {
    const grey = greyOf(value, scale);
    pixels.data.set([grey, grey, grey, 255], index * 4);
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}
