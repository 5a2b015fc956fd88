import type { AxisPair, Layer, ModelGraph } from '../graph/model-graph';
import type { PlanResult } from '../rewrite/plan';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export const ruleIds = ['strided-max-pool', 'strided-conv', 'strided-pointwise-conv', 'strided-avg-pool', 'dynamic-stride'] as const;
export type RuleId = (typeof ruleIds)[number];

/** The flagged layer as a message names it, whether it stands in a model file or in source code. */
export interface RuleSubject {
  /** `MaxPool "pool1"` in a model, `nn.MaxPool2d` in code. */
  readonly title: string;
  /** Over the layer's image axes; null where unknown. */
  readonly kernel: readonly (number | null)[];
  readonly stride: readonly (number | null)[];
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

/** A rule about the layers of a model file; the linter has already seen that the layer subsamples without a blur. */
export interface GraphRule extends Rule {
  concerns(layer: Layer): boolean;
}

/** What a rule may ask about the graph around a layer. */
export interface RuleContext {
  readonly graph: ModelGraph;
  /** Effective stride over the image axes; 1 along an axis of size 1 or where the output is a single sample. */
  stride(layer: Layer): AxisPair;
  /** True where a fixed low-pass filter follows (or, for a linear layer, precedes) the layer. */
  isAntiAliased(layer: Layer): boolean;
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
  /** The Tri-3 fix, or why there is none. */
  readonly fix: PlanResult;
}
