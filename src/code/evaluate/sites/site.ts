import type { FilePlace, SourceRange } from '../../finding';
import type { Callable } from '../../frameworks/callable';

/** One way in which a layer gets its stride. */
export interface StrideCase {
  /** Over the image axes, slowest first; null where unknown. */
  readonly stride: readonly (number | null)[];
  /** The call that passes the stride, where it is not written in the layer itself. */
  readonly givenBy: SourceRange | null;
  /** The number that decides it, where another file has it. */
  readonly writtenAt?: FilePlace;
  /** Arguments other than the file's own without which no call leads there; none for most. */
  readonly onlyWith: readonly NeededArgument[];
}

/** An argument that only another file can give. */
export interface NeededArgument {
  readonly parameter: string;
  /** As the language writes it; null where it may be any that is not the default. */
  readonly value: string | null;
  /** The parameter's default. */
  readonly range: SourceRange;
}

/** Where the output of a convolution is activated. */
export type ActivationPlace =
  /** By the layer itself: `activation='relu'`. */
  | { readonly kind: 'own' }
  /** An expression whose value is the activated map: `F.relu(self.bn1(x))`. */
  | { readonly kind: 'applied'; readonly range: SourceRange }
  /** The call that builds the activation, for an activation that a container runs. */
  | { readonly kind: 'element'; readonly range: SourceRange };

/** One of the slices of a map. */
export interface SlicedPart {
  /** Where it begins, along the axes that it divides. */
  readonly offset: string;
  readonly site: LayerSite;
}

/** Everything that evaluating the program has shown about one call that builds or runs a window layer. */
export interface LayerSite {
  /** Name of its table. */
  readonly framework: string;
  readonly callable: Callable;
  /** The whole call; absolute offsets. For a layer that another file builds, the call of this file that brings the stride. */
  readonly range: SourceRange;
  /** Where another file builds the layer; null where this one does. */
  readonly builtAt: FilePlace | null;
  /** The callee as written. */
  readonly callee: string;
  /**
   * Module path that the callee was found under, before aliases of modules are made one: `tensorflow.keras.layers.MaxPool2D`.
   * Null for a method of the map that it runs on: `x.maxPool(…)`.
   */
  readonly importedAs: string | null;
  /** True where the call builds an object of a class of the file that derives from the framework's layer. */
  readonly derived: boolean;
  /** True where the callee may be one of several layers, whose arguments need not mean the same. */
  mixed: boolean;
  readonly cases: StrideCase[];
  /** Kernel that goes with the largest stride. */
  kernel: readonly (number | null)[];
  /** Expressions that run the layer: `self.conv1(x)`; the call itself for operations. */
  readonly applications: SourceRange[];
  readonly activations: ActivationPlace[];
  /** Outputs that evaluation has seen, and how many of them an activation has read: a blur behind it serves all if they agree. */
  outputs: number;
  activated: number;
  /** True where the map is read by something else before an activation, or by more than one reader. */
  escapes: boolean;
  /** True where a low-pass filter stands directly before the (linear) layer everywhere. */
  afterBlur: boolean | null;
  /** The first of slices that together keep every sample of a map; null where samples are dropped. */
  rearranges: LayerSite | null;
  /** True of a blur whose output is activated, where a convolution stands in front of it. */
  precedesActivation: boolean;
  /** True where an average-pool's output is flattened: it took the mean of the whole map. */
  flattened: boolean;
}

/** What the call itself tells of a layer. */
export type BuiltLayer = Pick<LayerSite, 'framework' | 'callable' | 'range' | 'builtAt' | 'callee' | 'importedAs' | 'derived' | 'kernel'>;

/** A layer of which nothing has been seen yet but the call that builds it. */
export function unseenSite(built: BuiltLayer, cases: StrideCase[] = []): LayerSite {
  return {
    mixed: false,
    cases,
    applications: [],
    activations: [],
    outputs: 0,
    activated: 0,
    escapes: false,
    afterBlur: null,
    rearranges: null,
    precedesActivation: false,
    flattened: false,
    ...built,
  };
}
