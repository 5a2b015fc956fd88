import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { t } from '@vscode/l10n';
import { css, type TemplateResult } from 'lit';
import { html } from '../../app/templates';
import { columnIds, columns, type ColumnId } from './columns';

/** Looks of the choice; the bar that shows it takes these in. */
export const columnChoiceStyles = css`
  .columns {
    position: relative;
  }
  .columns summary {
    padding: 3px 6px;
    cursor: pointer;
  }
  .columns fieldset {
    position: absolute;
    top: 100%;
    inset-inline-end: 0;
    z-index: 3;
    display: grid;
    width: max-content;
    margin: 0;
    padding: 6px 12px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-editorWidget-border, transparent)));
    background: var(--vscode-editorWidget-background);
    box-shadow: 0 2px 8px var(--vscode-widget-shadow);
  }
`;

/** Which columns the table has; Escape closes it. */
export function columnChoice(chosen: readonly ColumnId[], choose: (chosen: readonly ColumnId[]) => void): TemplateResult {
  const toggled = (id: ColumnId, isChosen: boolean): readonly ColumnId[] =>
    columnIds.filter((candidate) => (candidate === id ? isChosen : chosen.includes(candidate)));
  return html`
    <details
      class="columns"
      @keydown=${(event: KeyboardEvent) => {
        const details = event.currentTarget as HTMLDetailsElement;
        if (event.key !== 'Escape' || !details.open) return;
        details.open = false;
        details.querySelector('summary')?.focus();
      }}
    >
      <summary>${t`Columns`}</summary>
      <fieldset>
        <legend class="visually-hidden">${t`Columns of the table`}</legend>
        ${columnIds.map(
          (id) => html`
            <vscode-checkbox
              .label=${columns[id].label}
              .checked=${chosen.includes(id)}
              @change=${(event: Event) => {
                choose(toggled(id, (event.target as HTMLInputElement).checked));
              }}
            ></vscode-checkbox>
          `,
        )}
      </fieldset>
    </details>
  `;
}
