import { css } from 'lit';

/** Looks of every table with a head; one that is wider than the panel is scrolled. */
export const tableStyles = css`
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
  }
  th {
    padding: 4px 10px;
    border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-editorGroup-border, var(--vscode-widget-border)));
    color: var(--vscode-descriptionForeground);
    font-weight: 600;
    text-align: start;
    vertical-align: bottom;
  }
  td {
    padding: 3px 10px;
    white-space: nowrap;
  }
`;

/** On top of these, looks of a table of figures with a name in front of each row. */
export const figureTableStyles = css`
  .scroll {
    margin-top: 12px;
  }
  caption {
    padding-bottom: 4px;
    color: var(--vscode-descriptionForeground);
    text-align: start;
  }
  th.figure,
  td.figure {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  tbody tr:hover {
    background: var(--vscode-list-hoverBackground);
  }
  tbody th {
    border-bottom: 0;
    color: inherit;
    font-weight: normal;
    white-space: nowrap;
  }
`;
