import { css, unsafeCSS, type CSSResult } from 'lit';

/** One line of a chart. */
export interface ChartSeries {
  readonly name: string;
  /** One for each place; null leaves a gap. */
  readonly values: readonly (number | null)[];
}

/** A place from which on something holds. */
export interface ChartStep {
  readonly place: number;
  readonly label: string;
}

/** Lines differ in their dashes too, for those who do not see the colours. */
const colours = ['charts-blue', 'charts-orange', 'charts-green', 'charts-purple', 'charts-red', 'charts-yellow', 'foreground'];
const dashes = ['none', '7 3', '2 2', '10 3 2 3', '4 4', '1 2', '2 4'];

/** A colour of the theme, brought towards that of its text: some of them hardly stand out from the background, orange on white least. */
export function told(colour: string): string {
  return `color-mix(in srgb, var(--vscode-${colour}, currentColor) 85%, var(--vscode-foreground, currentColor))`;
}

/** Class of the line of a series. */
export function lineClass(index: number): string {
  return `line${index % colours.length}`;
}

/** Looks of the lines, in the chart and in its legend. Only constants of this file stand in the rules. */
export const lineStyles: CSSResult = css`
  path.line {
    fill: none;
    stroke-width: 2px;
    stroke-linejoin: round;
  }
  ${unsafeCSS(
    colours
      .map(
        (colour, index) => `
          path.line${index} { stroke: ${told(colour)}; stroke-dasharray: ${dashes[index] ?? 'none'}; }
          circle.line${index} { fill: ${told(colour)}; }`,
      )
      .join(''),
  )}
`;
