import type { Layer, ModelGraph } from '../graph/model-graph';

/** How loud a finding is, loudest first. */
export const severities = ['error', 'warning', 'information', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** What a user may choose for a rule; `off` silences it. */
export const severityChoices = [...severities, 'off'] as const;

/** What a layer does at every position before it drops samples. */
export type DenseStep = 'maximum' | 'average' | 'convolution' | 'nothing';

/** The flagged layer as a message names it, whether it stands in a model file or in source code. */
export interface RuleSubject {
  /** `MaxPool "pool1"` in a model, `nn.MaxPool2d` in code. */
  readonly title: string;
  /** Over the axes of the layer's window, the image's in code; null where unknown. */
  readonly kernel: readonly (number | null)[];
  readonly stride: readonly (number | null)[];
  /** What else the rule found out, as it wants it in its message. */
  readonly detail?: string;
}

/** One rule: one file, one test under test/unit/rules and one page under docs/rules, all of the same name. */
export interface Rule<Id extends string = string> {
  readonly id: Id;
  readonly defaultSeverity: Severity | 'off';
  /** One line for settings, hovers, tables and the head of its page. */
  readonly summary: string;
  /** What its layers do before they drop samples, which the Explain page draws; left out where the rule does not tell. */
  readonly denseStep?: DenseStep;
  /** Full sentences: the layer, the cause, the remedy. */
  message(subject: RuleSubject): string;
}

/** A rule about the layers of a model file. At most one concerns a layer. */
export interface GraphRule<Id extends string = string> extends Rule<Id> {
  concerns(layer: Layer, context: RuleContext): boolean;
  detail?(layer: Layer, context: RuleContext): string;
}

/** What a rule may ask about the graph around a layer. */
export interface RuleContext {
  readonly graph: ModelGraph;
  /** Effective stride over all spatial axes; 1 along an axis of size 1 or where the output is a single sample. */
  stride(layer: Layer): readonly number[];
  /** True where the layer drops samples, and no fixed low-pass filter is part of it or, for a linear layer, in front of it. */
  aliases(layer: Layer): boolean;
  /** True for a first convolution that cuts the image into patches. */
  isPatchEmbedding(layer: Layer): boolean;
  /** What a low-pass filter that guards a subsampling lacks, read on after "This blur"; undefined where nothing. */
  weakness(layer: Layer): string | undefined;
}
