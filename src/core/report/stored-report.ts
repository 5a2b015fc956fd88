import type { FailedImage, ImageRow } from '../consistency/image-row';
import type { ConsistencySummary } from '../consistency/summary';
import { ModelError } from '../model-error';
import { consistencyCsvHead, consistencyCsvRow } from './csv';
import { imagesInShard, isFailedImage, isImageRow, isReportHead, type ReportHead } from './consistency-report';
import { jsonMembers } from './json-members';
import { RowSums } from '../consistency/summary';
import { visibleJson } from './visible-text';

/** A report of which only the head is held; what grows with the images is read from where it lies, in the order of the names. */
export interface StoredReport {
  readonly head: ReportHead;
  readonly summary: ConsistencySummary;
  readonly images: () => AsyncIterable<ImageRow>;
  readonly failed: () => AsyncIterable<FailedImage>;
}

const lists = ['images', 'failed'] as const;

/** The report as JSON, byte for byte what `JSON.stringify` makes of the whole. */
export async function* storedJson({ head, summary, images, failed }: StoredReport): AsyncGenerator<string> {
  const empty = JSON.stringify({ ...head, summary, images: [], failed: [] }, null, 2);
  yield visibleJson(empty.slice(0, -'"images": [],\n  "failed": []\n}'.length));
  yield '"images": ';
  yield* listJson(images());
  yield ',\n  "failed": ';
  yield* listJson(failed());
  yield '\n}\n';
}

async function* listJson(items: AsyncIterable<ImageRow | FailedImage>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const item of items) {
    const indented = JSON.stringify(item, null, 2).replaceAll('\n', '\n    ');
    yield `${isFirst ? '[' : ','}\n    ${visibleJson(indented)}`;
    isFirst = false;
  }
  yield isFirst ? '[]' : '\n  ]';
}

/** The report as a table, a row an image. */
export async function* storedCsv({ images }: StoredReport): AsyncGenerator<string> {
  yield consistencyCsvHead;
  for await (const row of images()) yield consistencyCsvRow(row);
}

/**
 * Checks a report in JSON from its first to its last byte.
 *
 * @param read the text from its start, any number of times @param file what messages call it
 * @throws ModelError `malformed` where it is no report, or not all of one
 */
export async function storedReport(read: () => AsyncIterable<string>, file: string): Promise<StoredReport> {
  const members: Record<string, unknown> = {};
  const sums = new RowSums();
  let held = 0;
  const last: Record<string, string> = {};
  try {
    for await (const { key, value, isItem } of jsonMembers(read(), lists)) {
      if (!isItem) members[key] = value;
      else if (key === 'images' ? !isImageRow(value) : !isFailedImage(value)) throw foreign(file);
      else {
        const { image } = value as ImageRow | FailedImage;
        if (image <= (last[key] ?? '')) throw malformed(file, `is not in the order of its images: "${image}" comes too late or twice.`);
        last[key] = image;
        held += 1;
        if (isImageRow(value)) sums.add(value);
      }
    }
  } catch (error) {
    throw error instanceof SyntaxError ? malformed(file, 'is not JSON, or not all of it.') : error;
  }
  if (!isReportHead(members)) throw foreign(file);
  const expected = imagesInShard(members.settings.imageList.count, members.shard);
  if (held !== expected) throw malformed(file, `tells of ${held} images, and its part of the list has ${expected}.`);
  const items = async function* <Item>(list: string): AsyncGenerator<Item> {
    for await (const { key, value, isItem } of jsonMembers(read(), lists)) if (isItem && key === list) yield value as Item;
  };
  return { head: headOf(members), summary: sums.summary(), images: () => items('images'), failed: () => items('failed') };
}

/** The members of a head in their order, and no other. */
function headOf({ kind, version, settings, notes, shard, run }: ReportHead): ReportHead {
  return { kind, version, settings, notes, shard, run };
}

function foreign(file: string): ModelError {
  return malformed(file, 'was not written by "shiftlint consistency --json".');
}

function malformed(file: string, what: string): ModelError {
  return new ModelError('malformed', `"${file}" ${what}`);
}
