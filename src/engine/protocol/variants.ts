import type { Measurement } from '../../core/equivariance/measure/measurement';
import type { PatchOutcome } from '../../core/formats/format';
import type { ModelGraph } from '../../core/graph/model-graph';
import type { NewWeights } from '../../core/recover/linear-layer';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { Classification } from './classifying';

/** A variant: the model as it is, with no plans, or a copy with these applied in memory. */
export interface VariantSpec {
  /** What it is called while it is measured. */
  readonly label: string;
  readonly plans: readonly BlurPlan[];
  /** New weights of the fixed copy, as a recovery gives them. */
  readonly weights?: NewWeights;
}

/** What a variant came to. */
export interface VariantResult {
  readonly graph: ModelGraph;
  readonly outcomes: readonly PatchOutcome[];
  readonly measurement: Measurement;
  /** Undefined without images. */
  readonly classification: Classification | undefined;
}
