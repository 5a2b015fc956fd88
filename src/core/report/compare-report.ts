import type { RankedGain } from '../compare/advice';
import type { ConsistencySummary } from '../consistency/summary';
import type { Share } from '../consistency/interval';
import type { Metric } from '../equivariance/measure/measurement';
import type { NamedLayer } from '../graph/layer-labels';
import type { PlanPrice } from '../rewrite/plan';
import type { RecoveryReport } from './recovery-report';

/** The model as it is, or fixed with one filter, as inserted or recovered. */
export interface ComparedVariant {
  /** `none` for the model as it is, else the filter. */
  readonly filter: string;
  /** Layers that were fixed. */
  readonly fixed: readonly NamedLayer[];
  /** What the fixes cost; null where the model leaves its image size open. */
  readonly price: PlanPrice | null;
  /** Mean equivariance of every layer of the original, null where the variant has no such layer. */
  readonly means: readonly (number | null)[];
  /** Null without images. */
  readonly consistency: ConsistencySummary | null;
  /** Share of images that get the class the original gives; null without images. */
  readonly fidelity: Share | null;
  /** What re-solving the weights behind the blurs came to; null where the variant has the original's weights. */
  readonly recovery: RecoveryReport | null;
}

/** A finding without a fix, and why. */
export interface RefusedFix extends NamedLayer {
  readonly reason: string;
}

/** What a variant is called where they stand beside each other. */
export function variantTitle({ filter, recovery }: Pick<ComparedVariant, 'filter' | 'recovery'>): string {
  return recovery === null ? filter : `${filter} recovered`;
}

/** What `shiftlint compare --json` prints; a public contract. */
export interface CompareReport {
  readonly model: string;
  readonly backend: string;
  readonly metric: Metric;
  readonly input: { readonly height: number; readonly width: number };
  readonly preprocessing: string;
  /** The original's measured layers, in depth order. */
  readonly layers: readonly NamedLayer[];
  readonly variants: readonly ComparedVariant[];
  readonly refused: readonly (RefusedFix & { readonly filter: string })[];
  readonly notes: readonly string[];
}

/** What one fix gains alone, and how much of what the model says it keeps. */
export interface AdvisedFix extends RankedGain, NamedLayer {
  /** Share of images that get the class the original gives; null without images. */
  readonly fidelity: number | null;
  /** What re-solving the weights behind the fix came to; null where it was measured as inserted. */
  readonly recovery: RecoveryReport | null;
}

/** What `shiftlint advise --json` prints; a public contract. */
export interface AdviceReport {
  readonly model: string;
  readonly backend: string;
  readonly metric: Metric;
  readonly filter: string;
  /** The layer whose mean equivariance is gained. */
  readonly lastSpatialLayer: NamedLayer | null;
  /** Its mean in the model as it is. */
  readonly equivariance: number | null;
  /** Consistency of the model as it is; null without images. */
  readonly consistency: number | null;
  /** One entry per finding that can be fixed, the best first. */
  readonly fixes: readonly AdvisedFix[];
  readonly refused: readonly RefusedFix[];
  /** The best set within the price that was asked for, measured as a whole; null where none was asked for. */
  readonly best: {
    readonly within: number;
    readonly layers: readonly NamedLayer[];
    readonly multiplyAddShare: number;
    readonly equivariance: number | null;
    readonly consistency: number | null;
    readonly fidelity: number | null;
    readonly recovery: RecoveryReport | null;
  } | null;
  readonly notes: readonly string[];
}
