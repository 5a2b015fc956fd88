import { css } from 'lit';
import { toRgb, type ColourMap } from '../../src/panel-protocol/core/colour-map';

/** Pixels of a strip of colours, and CSS pixels where there is room. */
export const stripLength = 256;

/** Of a `.scale` with a strip on a canvas. */
export const stripStyles = css`
  .scale {
    width: ${stripLength}px;
    max-width: 100%;
  }
  canvas {
    display: block;
    width: 100%;
    height: 12px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
`;

/** Draws the colours of a map side by side, from its low end to its high one, on a canvas of the strip's length. */
export function drawStrip(canvas: HTMLCanvasElement, colours: Pick<ColourMap, 'anchors'>): void {
  const strip = new ImageData(stripLength, 1);
  for (let place = 0; place < stripLength; place++) strip.data.set([...toRgb(colours, place / (stripLength - 1)), 255], place * 4);
  canvas.getContext('2d')?.putImageData(strip, 0, 0);
}
