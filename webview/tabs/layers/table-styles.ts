import { css } from 'lit';

/** Looks of the table of layers: columns as wide as what they hold, and the layer's name in the rest. */
export const layersTableStyles = css`
  :host {
    display: block;
  }
  .table:focus-visible {
    outline-offset: 0;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  col {
    width: 102px;
  }
  col:first-child {
    width: auto;
  }
  col.op,
  col.shape {
    width: 152px;
  }
  col.mean {
    width: 114px;
  }
  td.former button.link {
    color: var(--vscode-descriptionForeground);
    font-style: italic;
  }
  th {
    color: var(--vscode-descriptionForeground);
    font-weight: 600;
    vertical-align: bottom;
  }
  td {
    padding: 3px 10px;
    overflow-wrap: anywhere;
    vertical-align: top;
  }
  td.spacer {
    padding: 0;
  }
  /* The button has the room of its cell: a target of 24 pixels. */
  td:has(> button.link) {
    padding-block: 0;
  }
  td > button.link {
    min-width: 24px;
    min-height: 24px;
    padding-block: 3px 6px;
  }
  tr.layer:hover {
    background: var(--vscode-list-hoverBackground);
  }
  tr[aria-current='true'] {
    box-shadow: inset 3px 0 var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
    background: var(--vscode-list-inactiveSelectionBackground);
  }
  /* What is muted is too pale on the background of a chosen row. */
  tr[aria-current='true'] .muted,
  tr.goal .muted {
    color: inherit;
  }
  tr.goal {
    outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
    outline-offset: -1px;
    background: var(--vscode-list-inactiveSelectionBackground);
  }
  td.detail {
    padding: 0 10px 8px;
  }
  /* A finding stays in sight, its button too, where the table is wider than the panel. */
  shiftlint-finding-detail {
    position: sticky;
    left: 10px;
    max-width: calc(var(--view-width, 100%) - 20px);
    box-sizing: border-box;
  }
  .strided {
    font-weight: 600;
  }
  /* The name needs room of its own: narrower panels scroll the table. */
  @media (max-width: 1000px) {
    col {
      width: 88px;
    }
    col:first-child {
      width: 160px;
    }
    col.op,
    col.shape {
      width: 104px;
    }
    td,
    th > button {
      padding-inline: 5px;
    }
    table {
      width: max(100%, 760px);
    }
  }
`;
