import type { BlurPadding } from '../../core/rewrite/plan';
import type { AdviceReport } from '../../core/report/compare-report';

export type { AdviceReport };

/** What a ranking of the fixes shows. */
export interface AdviceMessage {
  readonly kind: 'advice';
  readonly report: AdviceReport;
  /** What was asked to lie beside the maps that the fixes blur. */
  readonly border: BlurPadding;
}
