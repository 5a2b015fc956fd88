import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { differenceColours, toRgb } from '../../../../src/panel-protocol/core/colour-map';
import { signedText } from '../../../../src/panel-protocol/core/figure-text';
import { html } from '../../../app/templates';
import { sharedStyles } from '../../../styles/shared';

const length = 256;

/** The colours of differences with their numbers, zero in the middle. */
@customElement('shiftlint-difference-legend')
export class DifferenceLegend extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
        margin-top: 8px;
      }
      .scale {
        width: ${length}px;
        max-width: 100%;
      }
      canvas {
        display: block;
        width: 100%;
        height: 12px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .marks {
        display: flex;
        justify-content: space-between;
        font-size: 0.92em;
      }
    `,
  ];

  @property({ attribute: false }) limit = 1;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    const [low, high] = [signedText(-this.limit, 2), signedText(this.limit, 2)];
    return html`
      <div class="scale">
        <canvas width=${length} height="1" role="img" aria-label="Colours of differences from ${low} to ${high}"></canvas>
        <div class="marks number" aria-hidden="true"><span>${low}</span><span>0</span><span>${high}</span></div>
      </div>
      <span class="muted">after the fix minus before: blue is more equivariant, brown is less</span>
    `;
  }

  protected override updated(): void {
    const strip = new ImageData(length, 1);
    for (let place = 0; place < length; place++) strip.data.set([...toRgb(differenceColours, place / (length - 1)), 255], place * 4);
    this.canvas.getContext('2d')?.putImageData(strip, 0, 0);
  }
}
