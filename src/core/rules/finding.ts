import type { NamedLayer } from '../graph/layer-labels';
import type { AxisPair, SourceOrigin } from '../graph/model-graph';
import type { PlanResult } from '../rewrite/plan';
import type { RuleId } from './registry';
import type { Severity } from './rule';

/** One aliasing-prone layer. */
export interface Finding extends NamedLayer {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly op: string;
  readonly message: string;
  /** One entry per spatial axis: three in a video, one in a signal. */
  readonly stride: readonly number[];
  /**
   * Product of the strides from the input to this layer's input, and to its output, along the image's axes; null where it is not known,
   * as behind a layer whose padding is computed while the model runs.
   */
  readonly cumulativeStrideBefore: AxisPair | null;
  readonly cumulativeStride: AxisPair | null;
  /** Share of the layer's own kernels' energy beyond the new Nyquist limit, 0 to 1; undefined where its weights are not read. */
  readonly aliasedEnergy: number | undefined;
  /** The line of code that the layer was exported from, where the file tells. */
  readonly origin: SourceOrigin | undefined;
  /** The fix, or why there is none. */
  readonly fix: PlanResult;
}
