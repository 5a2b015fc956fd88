import type { ImageRow } from '../../core/consistency/image-row';
import type { Share } from '../../core/consistency/interval';
import type { ConsistencyReport } from '../../core/report/consistency-report';

export type { ConsistencyReport, ImageRow, Share };

/** What a run over a folder of images shows. */
export interface ConsistencyMessage {
  readonly kind: 'consistency';
  readonly report: ConsistencyReport;
}
