import type { Share } from '../../core/consistency/interval';
import type { ComparedVariant, CompareReport } from '../../core/report/compare-report';

export type { ComparedVariant, CompareReport, Share };

/** What a comparison with fixed copies shows. */
export interface CompareMessage {
  readonly kind: 'compare';
  readonly report: CompareReport;
}
