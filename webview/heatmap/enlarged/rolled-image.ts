import { css, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { Picture } from '../../../src/panel-protocol/studies/equivariance';
import { html } from '../../app/templates';
import { sharedStyles } from '../../styles/shared';
import { displayScale } from '../display-scale';
import type { Shift } from '../reading';
import { rolledCorners } from './rolled-corners';

/** Longest side in CSS pixels: of a picture made of whole pixels, and of one that is shrunk. */
const longest = [96, 120] as const;

/** The image that the model is shown, rolled by a shift as the circular protocol does. */
@customElement('shiftlint-rolled-image')
export class RolledImage extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      canvas {
        display: block;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
      }
      canvas.whole {
        image-rendering: pixelated;
      }
    `,
  ];

  @property({ attribute: false }) picture!: Picture;
  /** Of the image itself, which the picture may be a smaller one of. */
  @property({ attribute: false }) imageSize: AxisPair = [1, 1];
  @property({ attribute: false }) shift: Shift = { dy: 0, dx: 0 };
  @property() label = '';
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  private pixels: OffscreenCanvas | undefined;

  override render(): TemplateResult {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const [height, width] = this.picture.size;
    if (changed.has('picture')) this.prepare();
    const context = this.canvas.getContext('2d');
    if (context === null || this.pixels === undefined) return;
    context.clearRect(0, 0, width, height);
    for (const [top, left] of rolledCorners(this.shift, this.imageSize, this.picture.size)) context.drawImage(this.pixels, left, top);
  }

  private prepare(): void {
    const { size, rgb } = this.picture;
    const [height, width] = size;
    this.pixels = new OffscreenCanvas(width, height);
    const pixels = new ImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel++) {
      pixels.data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
      pixels.data[pixel * 4 + 3] = 255;
    }
    this.pixels.getContext('2d')?.putImageData(pixels, 0, 0);
    const drawn = displayScale(size, ...longest);
    this.canvas.height = height;
    this.canvas.width = width;
    // Styles are set from here because the page's policy allows no style attributes.
    this.canvas.style.height = `${drawn.height}px`;
    this.canvas.style.width = `${drawn.width}px`;
    this.canvas.classList.toggle('whole', drawn.whole);
  }
}
