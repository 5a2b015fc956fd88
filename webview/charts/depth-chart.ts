import { css } from 'lit';

/** Units of a chart over the layers in depth order, stretched to the width of the page. */
export const chartWidth = 1000;
export const chartHeight = 100;

/** Looks of such a chart: marks on the left, a legend below. Each gives its `svg` a height of its own. */
export const depthChartStyles = css`
  :host {
    display: block;
    margin-top: 12px;
  }
  figure {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 8px;
    max-width: 900px;
    margin: 4px 0 0;
  }
  .marks {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    font-size: 0.92em;
    line-height: 1;
    text-align: end;
  }
  svg.plot {
    width: 100%;
    overflow: visible;
    border-bottom: 1px solid var(--vscode-descriptionForeground);
    border-inline-start: 1px solid var(--vscode-descriptionForeground);
  }
  figcaption {
    grid-column: 2;
    font-size: 0.92em;
  }
`;
