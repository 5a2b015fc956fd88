import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { html } from '../app/templates';
import { valueText } from '../heatmap/reading';
import { sharedStyles } from '../styles/shared';
import { figureTableStyles, tableStyles } from '../styles/table';
import type { ChartSeries } from './series';

/** The numbers of a chart as a table, folded away until somebody wants them. */
@customElement('shiftlint-chart-table')
export class ChartTable extends LitElement {
  static override readonly styles = [
    sharedStyles,
    tableStyles,
    figureTableStyles,
    css`
      summary {
        width: fit-content;
        cursor: pointer;
      }
      .scroll {
        max-height: 420px;
        margin-top: 4px;
        overflow: auto;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--vscode-editor-background);
      }
    `,
  ];

  /** What the table holds. */
  @property() heading = '';
  /** What a place is. */
  @property() noun = '';
  @property({ attribute: false }) places: readonly string[] = [];
  @property({ attribute: false }) series: readonly ChartSeries[] = [];
  @state() private open = false;

  override render(): TemplateResult {
    return html`
      <details
        @toggle=${(event: Event) => {
          this.open = (event.currentTarget as HTMLDetailsElement).open;
        }}
      >
        <summary>${this.heading}</summary>
        ${this.open ? this.renderTable() : nothing}
      </details>
    `;
  }

  private renderTable(): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${this.heading}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="figure">${t`Number`}</th>
              <th scope="col">${this.noun}</th>
              ${this.series.map(({ name }) => html`<th scope="col" class="figure">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.places.map(
              (place, index) => html`
                <tr>
                  <td class="figure muted">${index + 1}</td>
                  <th scope="row" class="code">${place}</th>
                  ${this.series.map(({ values }) => html`<td class="figure">${textOf(values[index])}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : valueText(value);
}
