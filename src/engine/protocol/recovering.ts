import type { PatchOutcome } from '../../core/formats/format';
import type { AxisPair } from '../../core/graph/model-graph';
import type { WantedPreprocessing } from '../../core/input/preprocessing';
import type { NewWeights } from '../../core/recover/linear-layer';
import type { RecoveryReport } from '../../core/report/recovery-report';
import type { RecoveryReach } from '../../core/recover/steps';
import type { ImageFile } from './classifying';

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

/** A recovery that is wanted: what it learns from, and how. */
export interface WantedRecovery {
  readonly images: readonly ImageFile[];
  readonly options: RecoverOptions;
}

/** What a recovery takes unless told otherwise. */
export const usualRecovery = { reach: 'all', images: 256, pairs: 2 } as const satisfies Partial<RecoverOptions>;

/** What a recovery came to: its report, the weights, and what became of the fixes. */
export interface RecoveryResult {
  readonly outcomes: readonly PatchOutcome[];
  readonly weights: NewWeights;
  /** Images that no layer learned from. */
  readonly heldOut: readonly ImageFile[];
  readonly report: RecoveryReport;
}
