import type { FailedImage, ImageRow } from '../consistency/image-row';
import { inOrder, summarise, type ConsistencySummary } from '../consistency/summary';
import { ModelError } from '../model-error';
import type { AxisPair } from '../graph/model-graph';

/** One part of a folder: image i of the sorted list is in part `i % count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What a result depends on; parts are joined where all of it agrees. */
export interface ConsistencySettings {
  readonly model: string;
  /** SHA-256 of the model file and its weights. */
  readonly digest: string;
  readonly backend: string;
  readonly protocol: 'circular' | 'deployed';
  readonly input: { readonly height: number; readonly width: number };
  readonly preprocessing: string;
  /** Pairs of shifts per image. */
  readonly pairs: number;
  readonly seed: number;
  /** Largest shift in either direction, `[down, right]`, in pixels. */
  readonly largestShift: AxisPair;
}

/** What `shiftlint consistency --json` and `shiftlint merge --json` print; a public contract. */
export interface ConsistencyReport {
  readonly kind: typeof reportKind;
  readonly version: 1;
  readonly settings: ConsistencySettings;
  readonly notes: readonly string[];
  /** Null for a whole folder. */
  readonly shard: Shard | null;
  readonly summary: ConsistencySummary;
  readonly images: readonly ImageRow[];
  readonly failed: readonly FailedImage[];
}

const reportKind = 'shiftlint consistency';

/** Rows come in the order of their names, so that equal results are equal files. */
export function consistencyReport(
  settings: ConsistencySettings,
  notes: readonly string[],
  shard: Shard | null,
  rows: readonly ImageRow[],
  failed: readonly FailedImage[],
): ConsistencyReport {
  return { kind: reportKind, version: 1, settings, notes, shard, summary: summarise(rows), images: inOrder(rows), failed: inOrder(failed) };
}

/**
 * Joins the parts of one folder into what one run over all of it would have given, to the last digit.
 * @param parts reports by the file they came from
 * @throws ModelError `malformed` where a part is missing, there twice, or made otherwise than the first
 */
export function mergeReports(parts: readonly { readonly file: string; readonly report: ConsistencyReport }[]): ConsistencyReport {
  const [first] = parts;
  const count = first?.report.shard?.count;
  if (first === undefined || count === undefined) {
    throw new ModelError(
      'malformed',
      `${first === undefined ? 'There is nothing to merge' : `"${first.file}" is not a part of a folder`}: give the files that --shard wrote.`,
    );
  }
  const seen = new Map<number, string>();
  for (const { file, report } of parts) {
    const difference = differingSetting(first.report.settings, report.settings);
    if (difference !== undefined)
      throw new ModelError('malformed', `"${file}" and "${first.file}" differ in "${difference}", so they are not parts of one run.`);
    if (report.shard?.count !== count) throw new ModelError('malformed', `"${file}" is not one of ${count} parts, as "${first.file}" is.`);
    const twin = seen.get(report.shard.index);
    if (twin !== undefined) throw new ModelError('malformed', `"${file}" and "${twin}" are the same part, ${report.shard.index}/${count}.`);
    seen.set(report.shard.index, file);
  }
  const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !seen.has(index));
  if (missing.length > 0)
    throw new ModelError('malformed', `The parts ${missing.map((index) => `${index}/${count}`).join(', ')} are missing.`);
  const { settings, notes } = first.report;
  return consistencyReport(
    settings,
    notes,
    null,
    parts.flatMap(({ report }) => report.images),
    parts.flatMap(({ report }) => report.failed),
  );
}

function differingSetting(a: ConsistencySettings, b: ConsistencySettings): string | undefined {
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return left.find(([key, value]) => JSON.stringify(value) !== JSON.stringify(right.get(key)))?.[0];
}

/** Takes a report from JSON. @throws ModelError `malformed`, naming the file */
export function parseConsistencyReport(text: string, file: string): ConsistencyReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ModelError('malformed', `"${file}" is not JSON.`);
  }
  if (!isReport(value)) throw new ModelError('malformed', `"${file}" was not written by "shiftlint consistency --json".`);
  return value;
}

/** An object of which nothing is known but the names that its fields may have. */
type Fields<T> = Readonly<Partial<Record<keyof T, unknown>>>;

function isReport(value: unknown): value is ConsistencyReport {
  if (!isObject(value)) return false;
  const { kind, version, settings, shard, notes, images, failed }: Fields<ConsistencyReport> = value;
  return (
    kind === reportKind &&
    version === 1 &&
    isObject(settings) &&
    isShard(shard) &&
    Array.isArray(notes) &&
    isListOf(images, isRow) &&
    isListOf(failed, isFailed)
  );
}

function isShard(value: unknown): boolean {
  if (!isObject(value)) return value === null;
  const { index, count }: Fields<Shard> = value;
  return isIndex(index) && isIndex(count);
}

function isRow(value: object): boolean {
  const { image, top, pairs, agreeing, invariance, label, correctShifts }: Fields<ImageRow> = value;
  return (
    typeof image === 'string' &&
    [top, pairs, agreeing].every(isIndex) &&
    typeof invariance === 'number' &&
    (label === null || isIndex(label)) &&
    (correctShifts === null || typeof correctShifts === 'number')
  );
}

function isFailed(value: object): boolean {
  const { image, reason }: Fields<FailedImage> = value;
  return typeof image === 'string' && typeof reason === 'string';
}

function isListOf(value: unknown, isItem: (item: object) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && isItem(item));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
