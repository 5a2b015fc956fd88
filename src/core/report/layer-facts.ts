import type { ValueStatistics } from './weight-statistics';

/** What is known of one layer beyond its row, without its weights. */
export interface LayerFacts {
  readonly layer: string;
  /** For people: what the layer is set to, and where it comes from. */
  readonly attributes: readonly { readonly name: string; readonly text: string }[];
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
}

/** A tensor with its shape for people. */
export interface NamedShape {
  readonly name: string;
  readonly shape: string;
}

/** One weight of a layer. */
export interface WeightFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
  /** How many of them were looked at: pieces of a large weight stand for all of it. */
  readonly seen: number;
  /** Null where there was no finite number. */
  readonly statistics: ValueStatistics | null;
}
