import type { Dimension } from '../graph/model-graph';
import type { ExplicitPadding } from '../graph/window';

/** The map that a blur reads. */
export interface PaddedMap {
  /** Null where open, which is taken to be large enough. */
  readonly size: readonly Dimension[];
  /** Amounts of padding; negative ones crop. */
  readonly padding: ExplicitPadding;
  /** Samples that are cut off before the padding makes up for them. */
  readonly surplus?: ExplicitPadding | undefined;
}

/** What is cut off a map and what is laid round the rest, per axis; nothing is negative. */
export interface CutAndPadded {
  readonly cut: ExplicitPadding;
  readonly added: ExplicitPadding;
}

/** Takes a padding apart that crops where it is negative, or lies round a map without its surplus. */
export function cutAndPadded({ padding, surplus }: Pick<PaddedMap, 'padding' | 'surplus'>): CutAndPadded {
  const part = (sign: 1 | -1, side: 'begin' | 'end'): readonly number[] =>
    padding[side].map((amount, axis) => {
      const cut = surplus?.[side][axis] ?? 0;
      return Math.max(0, cut > 0 && sign < 0 ? cut : sign * (amount + cut));
    });
  return { cut: { begin: part(-1, 'begin'), end: part(-1, 'end') }, added: { begin: part(1, 'begin'), end: part(1, 'end') } };
}
