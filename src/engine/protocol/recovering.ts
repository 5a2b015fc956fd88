import type { PatchOutcome } from '../../core/formats/format';
import type { AxisPair } from '../../core/graph/model-graph';
import type { WantedPreprocessing } from '../../core/input/preprocessing';
import type { NewWeights } from '../../core/recover/linear-layer';
import type { RecoveryReport } from '../../core/report/recovery-report';
import type { RecoveryReach } from '../../core/recover/steps';

/** How a fixed model's weights are recovered. */
export interface RecoverOptions {
  readonly reach: RecoveryReach;
  readonly seed: number;
  /** Images used at most, chosen by the seed. */
  readonly images: number;
  /** Pairs of shifts drawn per held-out image for the consistency; none where it is not wanted. */
  readonly pairs: number;
  readonly memoryBudgetBytes: number;
  readonly preprocessing?: WantedPreprocessing;
  /** Image size where the model leaves it open, `[height, width]` in pixels. */
  readonly size?: AxisPair;
}

/** What a recovery came to: its report, the weights, and what became of the fixes. */
export interface RecoveryResult {
  readonly outcomes: readonly PatchOutcome[];
  readonly weights: NewWeights;
  readonly report: RecoveryReport;
}
