import { css } from 'lit';

/** Of a component that is a card among others. */
export const cardStyles = css`
  :host {
    display: block;
    min-width: 0;
    padding: 8px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
    border-radius: 4px;
    background: var(--vscode-editorWidget-background);
    line-height: 1.45;
  }
`;
