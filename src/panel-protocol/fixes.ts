import type { BlurFilterName, BlurPadding } from './core/filters';

/** The blur that fixes insert. */
export interface BlurChoice {
  readonly filter: BlurFilterName;
  readonly border: BlurPadding;
}

/** A fix that the page asks for. */
export interface WantedFix {
  /** Null for all that "fix all" takes. */
  readonly layers: readonly string[] | null;
  /** Null for the one that is chosen beside "Fix all". */
  readonly blur: BlurChoice | null;
}

/** Which folder of images a recovery learns from: one that the user picks for it, or that of the studies. */
export type RecoveryFolder = 'asked' | 'studied';

/** The latest fix of the model that still stands, as the page tells it. */
export interface LastFix {
  /** What it did, as full sentences. */
  readonly text: string;
  /** Why the page cannot undo it; null where it can. */
  readonly obstacle: string | null;
}
