/**
 * How values of equivariance get their colours. The first two are the same for every model, so that 0.999 looks alike
 * everywhere; the last is stretched to the lowest value at hand.
 */
export type ScaleChoice = 'linear' | 'log' | 'stretch';

/** All choices; the first is the default. */
export const scaleChoices = ['linear', 'log', 'stretch'] as const satisfies readonly ScaleChoice[];

/** From `low`, and what is lower, to 1. Of a logarithmic one the steps are those of the distance from 1. */
export interface ValueScale {
  readonly kind: 'linear' | 'log';
  readonly low: number;
}

const fixedLow = 0.5;
/** Nearer to 1 than this is equal to it: 32-bit arithmetic leaves errors of this order after many layers. */
const nearestToOne = 1e-4;
/** A narrower scale would colour the rounding errors of 32-bit arithmetic. */
const narrowestSpan = 0.001;

/** The scale for maps whose lowest value is `lowest`; all maps of a model share it. */
export function valueScale(choice: ScaleChoice, lowest: number): ValueScale {
  if (choice !== 'stretch') return { kind: choice, low: fixedLow };
  return { kind: 'linear', low: Math.min(lowest, 1 - narrowestSpan) };
}

/** Place of a value on the scale, clamped: 0 at its low end, 1 where it is equivariant; NaN where the value is. */
export function positionOn({ kind, low }: ValueScale, value: number): number {
  const share = kind === 'linear' ? (value - low) / (1 - low) : logarithmicShare(low, value);
  return Number.isNaN(share) ? share : Math.min(1, Math.max(0, share));
}

function logarithmicShare(low: number, value: number): number {
  const distance = Math.max(1 - value, nearestToOne);
  return Math.log(distance / (1 - low)) / Math.log(nearestToOne / (1 - low));
}

/** Values to write beside the scale, from low to high. */
export function scaleMarks({ kind, low }: ValueScale): readonly number[] {
  return kind === 'linear' ? [low, (low + 1) / 2, 1] : [low, 0.9, 0.99, 0.999, 1];
}

/** Whether two scales give the same colours. */
export function sameScale(one: ValueScale, other: ValueScale | undefined): boolean {
  return one.kind === other?.kind && one.low === other.low;
}
