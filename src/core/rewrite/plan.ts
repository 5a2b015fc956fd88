import type { BlurFilter } from './filters';

/** Said once wherever a fix is offered or has been made. */
export const fineTuningAdvice =
  'A fixed model keeps its weights but computes something else: evaluate it, and fine-tune it where the score drops.';

/** Where the blur goes, named after the paper's three recipes and the shortcut's. */
export type BlurRecipe =
  /** Max k/1, blur /s. */
  | 'max-then-blur'
  /** Convolution /1, normalisation and activation, blur /s. */
  | 'convolution-then-blur'
  /** 1x1 strided convolution: blur /s, then convolution /1. */
  | 'blur-then-convolution';

/**
 * A format-independent description of one fix: the strided layer loses its stride, a depthwise low-pass filter with that
 * stride is inserted after `blurAfter`. Patchers decide how to spell it and may still refuse.
 */
export interface BlurPlan {
  readonly recipe: BlurRecipe;
  /** Layer that downsamples today. */
  readonly layer: string;
  /**
   * Layer whose output is blurred: the strided layer itself or the last pointwise layer (its activation) behind it.
   * For `blur-then-convolution` it equals `layer` and the blur stands on its input.
   */
  readonly blurAfter: string;
  readonly filter: BlurFilter;
  /** Stride that moves from the layer to the blur, one entry per window axis. */
  readonly stride: readonly number[];
  /** Padding the patcher should use where the format can express it. */
  readonly padding: 'reflect' | 'zero';
  /** What the user should know about this very fix before accepting, as full sentences. */
  readonly notes: readonly string[];
}

/** A plan, or the reason why there is none. */
export type PlanResult =
  | {
      readonly ok: true;
      readonly plan: BlurPlan;
      /** False for a fix that is offered but left out of "fix all" (the stem). */
      readonly inFixAll: boolean;
    }
  | { readonly ok: false; readonly reason: string };
