import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { signedText } from '../../../../src/panel-protocol/core/figure-text';
import type { HeatmapSet } from '../../../../src/panel-protocol/studies/equivariance';
import { sentences } from '../../../app/sentences';
import { html } from '../../../app/templates';
import { valueText } from '../../../heatmap/reading';
import { tellingLoss } from '../../../heatmap/telling-loss';
import '../../../lists/when-near';
import { sharedStyles } from '../../../styles/shared';
import { differenceLimit, differences, type LayerDifference } from './difference';
import './legend';
import './map';

/** So many cards are made together; and what a row of them takes before it was drawn. */
const cardsTogether = 12;
const reserved = 320;

/** The run beside the one before the latest fix: what the fix has gained, and where, as maps of differences. */
@customElement('shiftlint-differences')
export class Differences extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      details {
        margin-top: 12px;
      }
      summary {
        width: fit-content;
        cursor: pointer;
        font-weight: 600;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
        gap: 12px;
        padding-block: 8px;
      }
      p {
        margin: 8px 0;
        line-height: 1.45;
      }
    `,
  ];

  @property({ attribute: false }) former!: HeatmapSet;
  @property({ attribute: false }) present!: HeatmapSet;
  /** Layers whose map has hardly changed are left out. */
  @state() private all = false;

  override render(): TemplateResult | typeof nothing {
    const { former, present } = this;
    if (former.frame.size.join() !== present.frame.size.join()) return nothing;
    const found = differences(former.heatmaps, present.heatmaps, present.frame.size);
    const last = found.at(-1);
    if (last === undefined) return nothing;
    const telling = found.filter(({ map }) => Math.max(-map.min, map.max) >= tellingLoss);
    const shown = this.all ? found : telling;
    const limit = differenceLimit(found.map(({ map }) => map));
    return html`
      <details open>
        <summary>${t`Before and after the fix`}</summary>
        <p class="number">${summaryOf(last, telling.length, found.length)}</p>
        ${telling.length === found.length ? nothing : this.renderToggle(found.length)}
        <shiftlint-difference-legend .limit=${limit}></shiftlint-difference-legend>
        ${chunks(shown, cardsTogether).map(
          (some) => html`<shiftlint-when-near .reserve=${reserved} .content=${() => this.renderCards(some, limit)}></shiftlint-when-near>`,
        )}
      </details>
    `;
  }

  private renderToggle(count: number): TemplateResult {
    return html`<button
      class="link"
      @click=${() => {
        this.all = !this.all;
      }}
    >
      ${this.all ? t`Show only layers that have changed` : t`Show all ${count} layers`}
    </button>`;
  }

  private renderCards(some: readonly LayerDifference[], limit: number): TemplateResult {
    return html`<div class="cards">
      ${some.map(
        (difference) => html`
          <shiftlint-difference-map .difference=${difference} .frame=${this.present.frame} .limit=${limit}></shiftlint-difference-map>
        `,
      )}
    </div>`;
  }
}

function summaryOf({ before, after, map }: LayerDifference, changed: number, all: number): string {
  const mean = t`The last map that both runs have keeps ${valueText(after.mean)} on average, ${valueText(before.mean)} before (${signedText(map.mean, 3)}).`;
  return sentences(mean, t`${changed} of ${all} layers have changed noticeably.`);
}

function chunks<Item>(items: readonly Item[], length: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length));
}
