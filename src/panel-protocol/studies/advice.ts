import type { AdviceReport } from '../../core/report/compare-report';

export type { AdviceReport };

/** What a ranking of the fixes shows. */
export interface AdviceMessage {
  readonly kind: 'advice';
  readonly report: AdviceReport;
}
