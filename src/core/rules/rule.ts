import type { AxisPair, Layer, ModelGraph, SourceOrigin } from '../graph/model-graph';
import type { PlanResult } from '../rewrite/plan';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export const ruleIds = [
  'strided-max-pool',
  'strided-conv',
  'strided-pointwise-conv',
  'strided-avg-pool',
  'strided-subsample',
  'patchify-conv',
  'space-to-depth',
  'weak-blur',
  'dynamic-stride',
] as const;
export type RuleId = (typeof ruleIds)[number];

/** The flagged layer as a message names it, whether it stands in a model file or in source code. */
export interface RuleSubject {
  /** `MaxPool "pool1"` in a model, `nn.MaxPool2d` in code. */
  readonly title: string;
  /** Over the layer's image axes; null where unknown. */
  readonly kernel: readonly (number | null)[];
  readonly stride: readonly (number | null)[];
  /** What else the rule found out, as it wants it in its message. */
  readonly detail?: string;
}

/** One rule: one file, one page under docs/rules of the same name. */
export interface Rule {
  readonly id: RuleId;
  readonly defaultSeverity: Severity | 'off';
  /** One line for settings and the tree. */
  readonly summary: string;
  /** Full sentences: the layer, the cause, the remedy. */
  message(subject: RuleSubject): string;
}

/** A rule about the layers of a model file. At most one concerns a layer. */
export interface GraphRule extends Rule {
  concerns(layer: Layer, context: RuleContext): boolean;
  detail?(layer: Layer, context: RuleContext): string;
}

/** What a rule may ask about the graph around a layer. */
export interface RuleContext {
  readonly graph: ModelGraph;
  /** Effective stride over the image axes; 1 along an axis of size 1 or where the output is a single sample. */
  stride(layer: Layer): AxisPair;
  /** True where the layer drops samples, and no fixed low-pass filter is part of it or, for a linear layer, in front of it. */
  aliases(layer: Layer): boolean;
  /** True for a first convolution that cuts the image into patches. */
  isPatchEmbedding(layer: Layer): boolean;
  /** What a low-pass filter that guards a subsampling lacks, read on after "This blur"; undefined where nothing. */
  weakness(layer: Layer): string | undefined;
}

/** One aliasing-prone layer. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly layer: string;
  readonly op: string;
  readonly message: string;
  readonly stride: AxisPair;
  /** Product of the strides from the input to this layer's input, and to its output. */
  readonly cumulativeStrideBefore: AxisPair;
  readonly cumulativeStride: AxisPair;
  /** Share of the layer's own kernels' energy beyond the new Nyquist limit, 0 to 1; undefined where its weights are not read. */
  readonly aliasedEnergy: number | undefined;
  /** The line of code that the layer was exported from, where the file tells. */
  readonly origin: SourceOrigin | undefined;
  /** The fix, or why there is none. */
  readonly fix: PlanResult;
}
