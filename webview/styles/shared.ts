import { css } from 'lit';

/** Rules that every component of the page starts with. */
export const sharedStyles = css`
  :host {
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
  }
  * {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 2px;
  }
  /* Bars that stay in sight hide nothing that the keyboard goes to; whoever shows one says how high it is. */
  :is(button, summary, vscode-button, [tabindex]) {
    scroll-margin-top: var(--sticky-height, 0);
  }
  .muted {
    color: var(--vscode-descriptionForeground);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .code {
    font-family: var(--vscode-editor-font-family);
  }
  .explanation {
    max-width: 72ch;
    line-height: 1.5;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button.link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    text-align: start;
    cursor: pointer;
  }
  button.link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
`;
