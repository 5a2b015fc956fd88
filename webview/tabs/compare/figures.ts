import { css } from 'lit';
import { valueText } from '../../heatmap/reading';

/** Looks of figures that are better or worse than others; views of them take these in. As text, pure colours of charts are too pale. */
export const figureStyles = css`
  .gain {
    color: color-mix(in srgb, var(--vscode-charts-green) 75%, var(--vscode-foreground));
  }
  .loss {
    color: color-mix(in srgb, var(--vscode-charts-red) 75%, var(--vscode-foreground));
  }
`;

/** Smaller differences are rounding. */
const noticeable = 0.0005;

/** The class of a figure by how it differs from another, both of equivariance. */
export function change(value: number | null | undefined, before: number | null | undefined): string {
  const difference = (value ?? Number.NaN) - (before ?? Number.NaN);
  if (difference > noticeable) return 'gain';
  return difference < -noticeable ? 'loss' : '';
}

/** A figure as text; nothing where nobody knows it. */
export function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : valueText(value);
}
