import type { HeatmapView } from '../../src/panel-protocol/studies/equivariance';

/** Which values the colour scale spans: from the lowest of all layers, or from 0. */
export type RangeChoice = 'lowest' | 'full';

/** The values at the ends of the colour scale. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** A narrower scale would colour the rounding errors of 32-bit arithmetic. */
const narrowestSpan = 0.001;

/** The scale that all maps share, so that their colours can be compared. */
export function valueRange(choice: RangeChoice, heatmaps: readonly HeatmapView[]): ValueRange {
  const lowest = heatmaps.reduce((low, { min }) => Math.min(low, min ?? 1), 1);
  return { low: choice === 'full' ? Math.min(0, lowest) : Math.min(lowest, 1 - narrowestSpan), high: 1 };
}

/** Whether a scale differs from the one before, as lit asks of a property: an equal one must not repaint every map. */
export function rangeChanged(range: ValueRange, before: ValueRange | undefined): boolean {
  return range.low !== before?.low || range.high !== before.high;
}

/** Place of a value on the scale: 0 at its low end, 1 at its high end, beyond them outside of 0 to 1. */
export function positionIn({ low, high }: ValueRange, value: number): number {
  return (value - low) / (high - low);
}
