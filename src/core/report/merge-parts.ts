import type { FailedImage, ImageRow } from '../consistency/image-row';
import { mergeSorted } from '../consistency/merge-sorted';
import { ModelError } from '../model-error';
import type { ConsistencySettings, ReportHead } from './consistency-report';
import type { StoredReport } from './stored-report';

/** A part of a run, by the file it came from. */
export interface ReportPart {
  readonly file: string;
  readonly report: StoredReport;
}

/** What settings that may differ are called, where their own name says too little. */
const settingMeanings: Readonly<Partial<Record<keyof ConsistencySettings, string>>> = {
  digest: 'they are of different models',
  imageList: 'they are of different lists of images',
};

/**
 * The head of what the parts of one list of images come to together.
 *
 * @throws ModelError `malformed` where a part is missing, there twice, or made otherwise than the first
 */
export function mergedHead(parts: readonly ReportPart[]): ReportHead {
  const [first, ...others] = parts;
  const shard = first?.report.head.shard;
  if (first === undefined) throw malformed('There is nothing to merge: give the files that --shard wrote.');
  if (shard === null || shard === undefined)
    throw malformed(`"${first.file}" is not a part of a folder: give the files that --shard wrote.`);
  for (const part of others) requireAlike(first, part, shard.count);
  requireEachOnce(parts, shard.count);
  const { head } = parts.find(({ report }) => report.head.shard?.index === 0)?.report ?? first.report;
  return { ...head, shard: null };
}

function requireAlike(first: ReportPart, { file, report: { head } }: ReportPart, count: number): void {
  const difference = differingSetting(first.report.head.settings, head.settings);
  if (difference !== undefined) {
    const meaning = settingMeanings[difference];
    const told = meaning === undefined ? '' : ` (${meaning})`;
    throw malformed(`"${file}" and "${first.file}" differ in "${difference}"${told}, so they are not parts of one run.`);
  }
  if (head.shard?.count !== count) throw malformed(`"${file}" is not one of ${count} parts, as "${first.file}" is.`);
}

/** A model is told by its digest: machines may keep it at different places. */
function differingSetting(a: ConsistencySettings, b: ConsistencySettings): keyof ConsistencySettings | undefined {
  const keys = Object.keys(a) as (keyof ConsistencySettings)[];
  return keys.find((key) => key !== 'model' && JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

function requireEachOnce(parts: readonly ReportPart[], count: number): void {
  const files = new Map<number, string>();
  for (const { file, report } of parts) {
    const index = report.head.shard?.index ?? 0;
    const twin = files.get(index);
    if (twin !== undefined) throw malformed(`"${file}" and "${twin}" are the same part, ${index}/${count}.`);
    files.set(index, file);
  }
  const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !files.has(index));
  if (missing.length > 0) {
    const named = missing.slice(0, 8).map((index) => `${index}/${count}`);
    const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
    throw malformed(`The parts ${named.join(', ')}${more} are missing.`);
  }
}

/** What all parts tell of their images, in the order of the names. @throws ModelError `malformed` where an image is in two places */
export async function* mergedRows(parts: readonly ReportPart[]): AsyncGenerator<ImageRow | FailedImage> {
  const streams = parts.flatMap(({ report }): readonly AsyncIterable<ImageRow | FailedImage>[] => [report.images(), report.failed()]);
  let last: { readonly image: string; readonly file: string } | undefined;
  for await (const { item, source } of mergeSorted(streams)) {
    const file = parts[source >> 1]?.file ?? '';
    if (last?.image === item.image) throw malformed(`"${last.file}" and "${file}" both tell of "${item.image}".`);
    last = { image: item.image, file };
    yield item;
  }
}

function malformed(message: string): ModelError {
  return new ModelError('malformed', message);
}
