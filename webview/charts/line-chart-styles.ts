import { css } from 'lit';

/** Looks of a chart: its lines have looks of their own. */
export const lineChartStyles = css`
  :host {
    display: block;
    margin-top: 12px;
  }
  figure {
    margin: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  header > span:first-child {
    flex: 1;
    font-weight: 600;
  }
  .zoom {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .plot:focus-visible {
    outline-offset: 0;
  }
  .plot {
    position: relative;
    margin-top: 4px;
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
  }
  svg {
    display: block;
    fill: var(--vscode-foreground);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  .title {
    fill: var(--vscode-descriptionForeground);
  }
  path {
    fill: none;
  }
  path.axis,
  path.cursor {
    stroke: var(--vscode-foreground);
  }
  path.grid {
    stroke: var(--vscode-foreground);
    opacity: 0.15;
  }
  path.step {
    stroke: var(--vscode-descriptionForeground);
    stroke-dasharray: 2 3;
  }
  text.step {
    fill: var(--vscode-descriptionForeground);
  }
  circle {
    stroke: var(--vscode-editor-background);
    stroke-width: 1px;
  }
  rect.chosen {
    fill: var(--vscode-charts-blue, currentColor);
    fill-opacity: 0.2;
    stroke: var(--vscode-focusBorder);
  }
  .tip {
    position: absolute;
    z-index: 1;
    max-width: min(420px, 60%);
    padding: 5px 9px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorHoverWidget-border, var(--vscode-widget-border, transparent)));
    background: var(--vscode-editorHoverWidget-background, var(--vscode-editorWidget-background));
    color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
    line-height: 1.5;
    pointer-events: none;
  }
  .tip b {
    overflow-wrap: anywhere;
  }
  .tip span,
  figcaption span {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .sample {
    flex: none;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    margin-block: 4px;
  }
`;
