import type { Share } from '../../core/consistency/interval';
import type { BlurPadding } from '../../core/rewrite/plan';
import type { ComparedVariant, CompareReport } from '../../core/report/compare-report';

export type { ComparedVariant, CompareReport, Share };

/** What a comparison with fixed copies shows. */
export interface CompareMessage {
  readonly kind: 'compare';
  readonly report: CompareReport;
  /** What was asked to lie beside the maps that the copies blur. */
  readonly border: BlurPadding;
}
