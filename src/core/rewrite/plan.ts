import { t } from '@vscode/l10n';
import type { Dimension, ElementType, Layout } from '../graph/model-graph';
import type { ExplicitPadding } from '../graph/window';
import type { BlurFilter, BlurKernel } from './filters';
import type { Refusal } from './refusal';

/** Said once wherever a fix is offered or has been made. */
export const fineTuningAdvice = t(
  'A fixed model keeps its weights but computes something else: evaluate it, and fine-tune it where the score drops.',
);

/** Where the blur goes, named after the paper's three recipes, the shortcut's, and that of layers which only drop samples. */
export type BlurRecipe =
  /** Max k/1, blur /s. The p-norm pool of ONNX is treated alike. */
  | 'max-then-blur'
  /** Convolution /1, normalisation and activation, blur /s. */
  | 'convolution-then-blur'
  /** 1x1 strided convolution: blur /s, then convolution /1. */
  | 'blur-then-convolution'
  /** Average-pool: the layer itself becomes a blur /s whose windows are centred where its own were. */
  | 'average-to-blur'
  /** Strided slice, resize: blur /1 in front, the layer itself stays as it is. */
  | 'blur-then-subsample';

/** What may lie beside the map that a blur reads; `replicate` also where a map is too small to reflect. */
export const blurPaddings = ['reflect', 'replicate', 'zero'] as const;
export type BlurPadding = (typeof blurPaddings)[number];

/** Narrows what a page or a file says. */
export function isBlurPadding(value: unknown): value is BlurPadding {
  return (blurPaddings as readonly unknown[]).includes(value);
}

/** One blur, down to the last number: what a format spells out in its own operators. Entries per spatial axis, as windows have. */
export interface BlurSpecification {
  readonly kernel: BlurKernel;
  readonly stride: readonly number[];
  /** Negative amounts crop. */
  readonly padding: ExplicitPadding;
  /** Samples of the map's own that are cut off first and replaced by as many more of the border; left out where there are none. */
  readonly surplus?: ExplicitPadding;
  /** What the padding holds. */
  readonly border: BlurPadding;
  readonly channels: number;
  readonly layout: Layout;
  readonly elementType: Exclude<ElementType, 'other'>;
  /** Of the map that is blurred, as large as the fix makes it; null where open. */
  readonly size: readonly Dimension[];
}

/** Where one blur goes, and what changes around it: one call of the layer that downsamples. */
export interface BlurSite {
  /** The call, as the graph names its layer. */
  readonly layer: string;
  /**
   * Layer whose output is blurred: the strided layer itself or the last pointwise layer (its activation) behind it.
   * For `blur-then-…` it equals `layer` and the blur stands on its input; for `average-to-blur` the blur takes its place.
   */
  readonly blurAfter: string;
  /** The tensor that is blurred, by its present name. */
  readonly tensor: string;
  /** Tensors on the way from the strided layer to that one, which become larger. */
  readonly between: readonly string[];
  /** Stride and padding of the strided layer from now on; undefined where it stays as it is or goes. */
  readonly window: { readonly stride: readonly number[]; readonly padding: ExplicitPadding } | undefined;
  readonly blur: BlurSpecification;
}

/**
 * A complete description of one fix: the strided layer gives its stride (or a part of it) to a depthwise low-pass filter.
 * Everything is worked out for the format of the model, whose writer only spells it. The site is that of the layer's first call.
 */
export interface BlurPlan extends BlurSite {
  readonly recipe: BlurRecipe;
  /** Other calls of a shared layer, which lose their stride with it and get a blur each. Empty for all others. */
  readonly furtherCalls: readonly BlurSite[];
  /** Wide enough for `stride`; the parity of the window for `average-to-blur`. */
  readonly filter: BlurFilter;
  /** The layer's stride today, one entry per window axis; a fraction where a resize shrinks by one. */
  readonly stride: readonly number[];
  /** What of it stays with the layer: all 1 as a rule, a part of a split stride, all of it for `blur-then-subsample`. */
  readonly layerStride: readonly number[];
  /** What the user should know about this very fix before accepting, as full sentences. */
  readonly notes: readonly string[];
}

/** Where a blur stands beside its layer. */
export type BlurPosition = 'behind' | 'in front of' | 'in place of';

/** The position that a recipe gives to its blur: behind `blurAfter`, else beside the layer itself. */
export function blurPosition({ recipe }: Pick<BlurPlan, 'recipe'>): BlurPosition {
  if (recipe === 'average-to-blur') return 'in place of';
  return recipe === 'blur-then-convolution' || recipe === 'blur-then-subsample' ? 'in front of' : 'behind';
}

/** All blurs of a plan, one for each call of its layer. */
export function sitesOf(plan: BlurPlan): readonly BlurSite[] {
  return [plan, ...plan.furtherCalls];
}

/** The stride that a plan gives to its blur, one entry per window axis. */
export function blurStride({ stride, layerStride }: Pick<BlurPlan, 'stride' | 'layerStride'>): readonly number[] {
  return stride.map((step, axis) => step / (layerStride[axis] ?? 1));
}

/** What a plan costs per image. Shares are of the whole model: 0.12 is 12 % more. */
export interface PlanPrice {
  /** More (or, for a shortcut, fewer) multiply-adds. */
  readonly multiplyAdds: number;
  readonly multiplyAddShare: number;
  /** More values held in feature maps, summed over all layers. */
  readonly activationValues: number;
  readonly activationShare: number;
}

/** What the user may ask of a plan beside its filter. */
export interface PlanOptions {
  /** What lies beside the map; reflection where absent. Zeros for runtimes that have nothing else (TensorRT, Core ML). */
  readonly padding?: BlurPadding;
  /** Leaves a part of strides of 4 and more with the layer: cheaper, but that part keeps aliasing. */
  readonly splitStride?: boolean;
}

/** A plan, or the reason why there is none. */
export type PlanResult =
  | {
      readonly ok: true;
      readonly plan: BlurPlan;
      /** False for a fix that is offered but left out of "fix all" (the stem). */
      readonly inFixAll: boolean;
      /** Undefined where the model leaves its image size open. */
      readonly price: PlanPrice | undefined;
    }
  | Refusal;
