import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { t } from '@vscode/l10n';
import { css, nothing, type TemplateResult } from 'lit';
import { sentences } from '../../app/sentences';
import { html } from '../../app/templates';
import type { ColumnHead, SortKey, TableSettings } from './columns';

/** Looks of the heads; the table that shows them takes these in. */
export const columnHeadStyles = css`
  th {
    position: sticky;
    top: var(--bar-height, 0);
    z-index: 1;
    padding: 0;
    border-bottom: 0;
    background: var(--vscode-editor-background);
    box-shadow: inset 0 -1px var(--vscode-contrastBorder, var(--vscode-editorGroup-border, var(--vscode-widget-border, transparent)));
  }
  th:hover,
  th:focus-within {
    z-index: 2;
  }
  th > button {
    display: flex;
    align-items: end;
    gap: 2px;
    width: 100%;
    padding: 4px 10px;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    overflow-wrap: break-word;
    cursor: pointer;
  }
  th > button:focus-visible {
    outline-offset: -2px;
  }
  th > button:hover {
    color: var(--vscode-foreground);
  }
  th[aria-sort='ascending'],
  th[aria-sort='descending'] {
    color: var(--vscode-foreground);
  }
  .explained {
    position: absolute;
    top: 100%;
    inset-inline-start: 0;
    visibility: hidden;
    width: max-content;
    max-width: 280px;
    padding: 5px 9px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorHoverWidget-border, var(--vscode-widget-border, transparent)));
    background: var(--vscode-editorHoverWidget-background, var(--vscode-editorWidget-background));
    color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
    font-weight: normal;
    line-height: 1.4;
    text-align: start;
  }
  th:nth-last-child(-n + 2) .explained {
    inset-inline: auto 0;
  }
  th:hover .explained {
    visibility: visible;
    transition: visibility 0s 0.5s;
  }
  th > button:focus-visible + .explained {
    visibility: visible;
  }
`;

/** A head that says what its column is and sorts the rows by it; Escape hides the explanation until pointer or focus come again. */
export function columnHead(key: SortKey, head: ColumnHead, { layerSort, layerSortDown }: TableSettings, press: () => void): TemplateResult {
  const isSorted = layerSort === key;
  const show = (event: Event, hidden: boolean): void => {
    const explained = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('.explained');
    if (explained !== null) explained.hidden = hidden;
  };
  return html`
    <th
      scope="col"
      aria-sort=${isSorted ? (layerSortDown ? 'descending' : 'ascending') : 'none'}
      @pointerenter=${(event: Event) => {
        show(event, false);
      }}
      @focusin=${(event: Event) => {
        show(event, false);
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') show(event, true);
      }}
    >
      <button aria-describedby="about-${key}" @click=${press}>
        ${head.label}${isSorted ? html`<vscode-icon name=${layerSortDown ? 'arrow-down' : 'arrow-up'}></vscode-icon>` : nothing}
      </button>
      <span class="explained" role="tooltip" id="about-${key}">${sentences(head.explanation, t`Press to sort.`)}</span>
    </th>
  `;
}
