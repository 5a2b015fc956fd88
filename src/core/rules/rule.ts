import type { AxisPair, Layer, ModelGraph } from '../graph/model-graph';
import type { PlanResult } from '../rewrite/plan';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export const ruleIds = ['strided-max-pool', 'strided-conv', 'strided-pointwise-conv', 'strided-avg-pool'] as const;
export type RuleId = (typeof ruleIds)[number];

/** What a rule knows about one flagged layer; the linter adds severity, strides and the plan. */
export interface RuleReport {
  /** Full sentences: the layer, the cause, the remedy. */
  readonly message: string;
}

/** One rule: one file, one test, one page under docs/rules of the same name. */
export interface Rule {
  readonly id: RuleId;
  readonly defaultSeverity: Severity;
  /** One line for settings and the tree. */
  readonly summary: string;
  /** Reports on one layer, or undefined where the layer is none of this rule's business. */
  check(layer: Layer, context: RuleContext): RuleReport | undefined;
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
