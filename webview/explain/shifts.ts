import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { equivarianceByShift } from '../../src/panel-protocol/core/explain';
import { html, svg } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import type { ExplainState } from './state';
import { cosineText } from './words';

/** The cosine of shift-equivariance at every shift: a heatmap in one dimension, whose bars choose the shift. */
@customElement('shiftlint-explain-shifts')
export class ExplainShifts extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      h2 {
        margin: 0 0 4px;
        font-size: 1em;
        font-weight: 600;
      }
      .shifts {
        overflow-x: auto;
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(24px, 1fr);
        gap: 2px;
      }
      button {
        display: grid;
        gap: 2px;
        justify-items: stretch;
        padding: 2px;
        border: 1px solid transparent;
        background: none;
        color: inherit;
        font: inherit;
        font-variant-numeric: tabular-nums;
        text-align: center;
        cursor: pointer;
      }
      button[aria-pressed='true'] {
        border-color: var(--vscode-focusBorder);
        font-weight: 600;
      }
      svg {
        width: 100%;
        height: 44px;
        border-bottom: 1px solid var(--vscode-descriptionForeground);
      }
      .holds {
        fill: var(--vscode-charts-blue);
      }
      .lost {
        fill: var(--vscode-charts-red);
      }
      p {
        margin: 4px 0 0;
      }
    `,
  ];

  @property({ attribute: false }) shown!: ExplainState;

  override render(): TemplateResult {
    const { signal, layer, shift } = this.shown;
    return html`
      <h2>${t`Equivariance at every shift`}</h2>
      <div class="shifts" role="group" aria-label=${t`Equivariance at every shift`}>
        ${equivarianceByShift(signal, layer).map(
          (cosine, at) => html`
            <button
              aria-pressed=${at === shift ? 'true' : 'false'}
              aria-label=${t`Shift ${at}: cosine ${cosineText(cosine)}`}
              title=${t`Shift ${at}: cosine ${cosineText(cosine)}`}
              @click=${() => {
                this.dispatchEvent(new CustomEvent<number>('explain-shift', { detail: at }));
              }}
            >
              <svg viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true">
                ${svg`<rect class=${cosine === 1 ? 'holds' : 'lost'} x="1" y=${10 - 10 * cosine} width="8" height=${10 * cosine}></rect>`}
              </svg>
              ${at}
            </button>
          `,
        )}
      </div>
      <p class="muted">${t`Cosine from 0 to 1, blue where it is exactly 1: what the model editor draws as a heatmap, in one dimension.`}</p>
    `;
  }
}
