import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { html } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import type { ExplainState } from './state';
import { cosineText, filterRows } from './words';

/** What every filter makes of the same layer and signal. */
@customElement('shiftlint-explain-filters')
export class ExplainFilters extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
      }
      caption {
        padding-bottom: 4px;
        font-weight: 600;
        text-align: start;
      }
      th,
      td {
        padding: 1px 20px 1px 0;
        font-weight: normal;
        text-align: start;
      }
      thead th {
        color: var(--vscode-descriptionForeground);
      }
      tr.chosen th,
      tr.chosen td {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) shown!: ExplainState;

  override render(): TemplateResult {
    const { layer, shift } = this.shown;
    return html`
      <table>
        <caption>
          ${t`The same with every filter`}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t`filter`}</th>
            <th scope="col">${t`cosine at shift ${shift}`}</th>
            <th scope="col">${t`lowest of all shifts`}</th>
          </tr>
        </thead>
        <tbody class="number">
          ${filterRows(this.shown).map(
            ({ name, label, here, worst }) => html`
              <tr class=${name === layer.filter ? 'chosen' : ''}>
                <th scope="row">${label}</th>
                <td>${cosineText(here)}</td>
                <td>${cosineText(worst)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}
