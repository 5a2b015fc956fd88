import type { IndexedGraph } from '../graph/dataflow';
import type { ElementType, Layout, Operation } from '../graph/model-graph';
import type { PaddedMap } from './padded-map';
import type { BlurPadding, BlurSpecification } from './plan';

/** What some blurs or layers have and others lack, and what is said of the others. */
export interface Limit<T> {
  readonly allowed: readonly T[];
  /** Read on after "because". */
  readonly reason: string;
}

/** Kinds of layers with a window that a blur can take the stride from. */
export type WindowKind = Extract<Operation['kind'], 'convolution' | 'max-pool' | 'average-pool'>;

/**
 * What a format can express of a blur out of stock operators, and which layers its runtime runs in one way only: all that a
 * plan needs to know of the format that it will be written in.
 */
export interface FormatCapabilities {
  /** What runs the models, as refusals name it: `ONNX Runtime`. */
  readonly runtime: string;
  /** Values beside the map, best first; zeros are always among them. */
  readonly borders: readonly BlurPadding[];
  /** Why one of them cannot lie beside such a map, read on after "since"; for borders that depend on the map. Zeros always can. */
  borderObstacle?(border: BlurPadding, map: PaddedMap): string | undefined;
  /** Types of values that a blur can have, as a subset of those that the format has. */
  readonly elementTypes: readonly Exclude<ElementType, 'other'>[];
  /** Numbers of spatial axes that a blur can have; any where absent. */
  readonly ranks?: Limit<number>;
  /** Where the channels of a blurred map may stand; anywhere where absent. */
  readonly layouts?: Limit<Layout>;
  /**
   * What becomes of a SAME padding once the stride is gone: `spelt-out` as the amounts that it had, or `by-rule` worked out
   * anew by the runtime for the stride that is left.
   */
  readonly samePadding: 'spelt-out' | 'by-rule';
  /**
   * SAME windows that end before the map does, which runtimes place differently: refused where the padding of an axis would be
   * less than `least`. `reason` is read on after the layer's name.
   */
  readonly shortSame: { readonly least: number; readonly ranks?: readonly number[]; readonly reason: string };
  /** Kinds of layers that do not run with explicit padding, and why, read on after the layer's name. */
  readonly noExplicitPadding: Readonly<Partial<Record<WindowKind, string>>>;
  /** True where the padding of a pool, once its stride is gone, must be less than its kernel. */
  readonly poolPaddingWithinKernel: boolean;
  /** True where a layer may be dilated and strided at once. */
  readonly dilatedStrides: boolean;
  /** Why this very blur cannot be written, read on after "because"; for what no limit above can say. */
  obstacle?(blur: BlurSpecification): string | undefined;
}

/** A model as fixes are planned on it. */
export interface RewritableModel extends IndexedGraph {
  readonly capabilities: FormatCapabilities;
  /** Why the model can be judged and no more: weights are missing, or its runtime does not load it. Left out where all is well. */
  readonly judgedOnly?: { readonly message: string };
}
