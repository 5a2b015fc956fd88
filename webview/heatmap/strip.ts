import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { fullName } from '../../src/panel-protocol/core/layer-names';
import { html } from '../app/templates';
import { send } from '../app/page-events';
import { sharedStyles } from '../styles/shared';
import { valueText, type MeasuredHeatmap } from './reading';
import { mapText, periodText } from './text';

/** A layer that keeps the equivariance of what it is made of, in one line; a click shows its map. */
@customElement('shiftlint-heatmap-strip')
export class HeatmapStrip extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      button {
        display: grid;
        grid-template-columns: minmax(12ch, 28ch) minmax(10ch, 1fr) auto auto;
        gap: 0 14px;
        align-items: baseline;
        position: relative;
        width: 100%;
        min-height: 24px;
        padding: 2px 8px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        background: var(--vscode-list-hoverBackground);
      }
      button > * {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: MeasuredHeatmap;

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  override render(): TemplateResult {
    const { heatmap } = this;
    return html`
      <button
        @click=${() => {
          send(this, 'heatmap-enlarge', heatmap.index);
        }}
      >
        <span class="code" title=${fullName(heatmap)}>${heatmap.label}</span>
        <span class="muted">${mapText(heatmap)}</span>
        <span class="number"><span class="muted">${t`mean`}</span> ${valueText(heatmap.mean)}</span>
        <span class="number"><span class="muted">${t`worst`}</span> ${valueText(heatmap.min)}</span>
        <span class="visually-hidden">${t`${periodText(heatmap)}; as equivariant as what it is made of. Shows the map.`}</span>
      </button>
    `;
  }
}
