import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { differenceColours } from '../../../../src/panel-protocol/core/colour-map';
import { signedText } from '../../../../src/panel-protocol/core/figure-text';
import { html } from '../../../app/templates';
import { drawStrip, stripLength, stripStyles } from '../../../heatmap/colour-strip';
import { sharedStyles } from '../../../styles/shared';

/** The colours of differences with their numbers, zero in the middle. */
@customElement('shiftlint-difference-legend')
export class DifferenceLegend extends LitElement {
  static override readonly styles = [
    sharedStyles,
    stripStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
        margin-top: 8px;
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
        <canvas width=${stripLength} height="1" role="img" aria-label=${t`Colours of differences from ${low} to ${high}`}></canvas>
        <div class="marks number" aria-hidden="true"><span>${low}</span><span>0</span><span>${high}</span></div>
      </div>
      <span class="muted">${t`after the fix minus before: blue is more equivariant, brown is less`}</span>
    `;
  }

  protected override updated(): void {
    drawStrip(this.canvas, differenceColours);
  }
}
