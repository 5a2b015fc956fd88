import type { Statement } from './statement';

/**
 * A statement of the module or of a class body: the piece that is lowered by itself, when it is first needed, and kept for
 * as long as its text stays the same. Positions inside are relative to `base`, so that an edit above moves it for free.
 */
export interface Unit {
  /** Offset of its first character: absolute for units of the module, else relative to the unit around it. */
  readonly base: number;
  readonly text: string;
  /** Name of the function it defines, if it does nothing else: such a unit is lowered when it is called. */
  readonly functionName: string | null;
  /** Bounds of a class, or of several names, may make more than one statement of a unit. */
  lower(): readonly Statement[];
}

/** A source file as the evaluator sees it. */
export interface Program {
  readonly units: readonly Unit[];
}
