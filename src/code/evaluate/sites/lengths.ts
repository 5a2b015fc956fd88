/** Lengths over the image axes with the offset of the number that decided, or -1. */
export interface Lengths {
  readonly lengths: readonly (number | null)[];
  readonly at: number;
  /** True of a window over all of a map. */
  readonly isWhole?: true;
}
