import { mergedHead, mergedRows, type ReportPart } from '../../../core/report/merge-parts';
import { ModelError } from '../../../core/model-error';
import type { StoredReport } from '../../../core/report/stored-report';
import type { GrowingReport } from '../image-lists/growing-report';
import { ListDigest } from '../image-lists/list-digest';

/**
 * Joins the parts of one list of images into what one run over all of it would have given, to the last digit.
 *
 * @param joined what takes their images up, empty
 * @throws ModelError `malformed` where they are not all parts of one run, each once, or do not tell of the very images of its list
 */
export async function mergeReports(parts: readonly ReportPart[], joined: GrowingReport): Promise<StoredReport> {
  const head = mergedHead(parts);
  const digest = new ListDigest();
  for await (const row of mergedRows(parts)) {
    digest.add({ image: row.image, label: null });
    await joined.add(row);
  }
  const { imageList } = head.settings;
  const found = digest.facts();
  if (found.count !== imageList.count || found.digest !== imageList.digest)
    throw new ModelError(
      'malformed',
      `The parts tell of other images than the list that they were made of: ${named(parts)} are not as they were written.`,
    );
  return joined.report(head);
}

function named(parts: readonly ReportPart[]): string {
  return parts.map(({ file }) => `"${file}"`).join(', ');
}
