import type { FailedImage, ImageRow } from '../../../core/consistency/image-row';
import { RowSums } from '../../../core/consistency/summary';
import type { ReportHead } from '../../../core/report/consistency-report';
import type { StoredReport } from '../../../core/report/stored-report';
import { TemporaryLines } from './temporary-lines';

/** A report whose images come one by one, in the order of their names; they wait in temporary files until it is written. */
export class GrowingReport {
  private readonly images = new TemporaryLines<ImageRow>();
  private readonly failed = new TemporaryLines<FailedImage>();
  private readonly sums = new RowSums();

  async add(row: ImageRow | FailedImage): Promise<void> {
    if ('reason' in row) {
      await this.failed.add(row);
      return;
    }
    this.sums.add(row);
    await this.images.add(row);
  }

  /** What it has come to; readable until it is disposed. */
  report(head: ReportHead): StoredReport {
    return { head, summary: this.sums.summary(), images: () => this.images.items(), failed: () => this.failed.items() };
  }

  /** Deletes what waits. */
  async dispose(): Promise<void> {
    await this.images.dispose();
    await this.failed.dispose();
  }
}
