import type { AxisPair, SourceOrigin } from '../graph/model-graph';
import type { PlanResult } from '../rewrite/plan';
import type { RuleId } from './registry';
import type { Severity } from './rule';

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
