import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap, toRgb } from '../../src/panel-protocol/core/colour-map';
import { valueText } from './reading';
import { sharedStyles } from '../styles/shared';
import { rangeChanged, type RangeChoice, type ValueRange } from './value-range';
import { html } from '../app/templates';

const stripLength = 256;

/** The colour scale with its numbers. */
@customElement('shiftlint-legend')
export class Legend extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
      }
      .scale {
        width: 256px;
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

  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: rangeChanged }) range: ValueRange = { low: 0, high: 1 };
  @property({ attribute: false }) choice: RangeChoice = 'lowest';
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    const { low, high } = this.range;
    return html`
      <div class="scale">
        <canvas width=${stripLength} height="1" role="img" aria-label="Colours from ${valueText(low)} to ${valueText(high)}"></canvas>
        <div class="marks number">
          <span>${valueText(low)}</span><span>${valueText((low + high) / 2)}</span><span>${valueText(high)}</span>
        </div>
      </div>
      <span class="muted">
        1 = equivariant${this.choice === 'lowest' ? html`; the scale starts at the lowest value of all layers` : ''}
      </span>
    `;
  }

  protected override updated(): void {
    const strip = new ImageData(stripLength, 1);
    for (let place = 0; place < stripLength; place++) {
      strip.data.set([...toRgb(this.colourMap, place / (stripLength - 1)), 255], place * 4);
    }
    this.canvas.getContext('2d')?.putImageData(strip, 0, 0);
  }
}
