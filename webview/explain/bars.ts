import { t } from '@vscode/l10n';
import { css, nothing, type TemplateResult } from 'lit';
import { html, svg } from '../app/templates';
import { sampleText } from './words';

/** One sample: its value, from 0 to 1, and whether it is kept, or differs from what it is compared with. */
export interface Bar {
  readonly value: number;
  readonly look: 'plain' | 'dropped' | 'differs';
}

const lookNames = { dropped: t`dropped`, differs: t`differs` } as const;

/** Looks of rows of bars. */
export const barStyles = css`
  ol {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    justify-items: center;
  }
  svg {
    width: 72%;
    height: 30px;
    border-bottom: 1px solid var(--vscode-descriptionForeground);
  }
  .bar {
    fill: var(--vscode-charts-blue);
  }
  .dropped .bar {
    fill: none;
    stroke: var(--vscode-descriptionForeground);
    stroke-dasharray: 3 2;
    vector-effect: non-scaling-stroke;
  }
  .differs .bar {
    fill: var(--vscode-charts-red);
  }
  .value {
    min-width: 24px;
    padding: 0 2px;
    line-height: 1.35;
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  .dropped .value {
    color: var(--vscode-descriptionForeground);
    text-decoration: line-through;
  }
  .differs .value {
    font-weight: 600;
    text-decoration: underline wavy var(--vscode-charts-red);
  }
  button.value {
    min-height: 24px;
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
    border-radius: 2px;
    background: var(--vscode-button-secondaryBackground);
    color: var(--vscode-button-secondaryForeground);
    font: inherit;
    cursor: pointer;
  }
`;

/** A row of samples as bars and numbers. @param turn makes buttons of the numbers */
export function bars(row: readonly Bar[], turn?: (place: number) => void): TemplateResult {
  return html`<ol>
    ${row.map(({ value, look }, place) => {
      const text = sampleText(value);
      const said = look === 'plain' ? nothing : html`<span class="visually-hidden">(${lookNames[look]})</span>`;
      return html`
        <li class=${look}>
          <svg viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true">
            ${svg`<rect class="bar" x="0" y=${10 - 10 * value} width="10" height=${10 * value}></rect>`}
          </svg>
          ${
            turn === undefined
              ? html`<span class="value">${text}${said}</span>`
              : html`<button
                  class="value"
                  aria-label=${t`Sample ${place + 1}: ${text}`}
                  @click=${() => {
                    turn(place);
                  }}
                >
                  ${text}
                </button>`
          }
        </li>
      `;
    })}
  </ol>`;
}
