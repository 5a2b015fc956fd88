import type { FailedImage, ImageRow } from '../consistency/image-row';
import { inOrder, summarise, type ConsistencySummary } from '../consistency/summary';
import type { AxisPair } from '../graph/model-graph';

/** One part of a folder: image i of the sorted list is in part `i % count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Tells one list of images from another. */
export interface ImageListFacts {
  readonly count: number;
  /** SHA-256 of the names in order. */
  readonly digest: string;
  /** Where true classes are known from: `subfolders`, or SHA-256 of what a file tells; null where none are known. */
  readonly labels: string | null;
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
  /** All images, of which a part has its share. */
  readonly imageList: ImageListFacts;
}

/** What `shiftlint consistency --json` and `shiftlint merge --json` print; a public contract. */
export interface ConsistencyReport {
  readonly kind: typeof reportKind;
  readonly version: 1;
  readonly settings: ConsistencySettings;
  readonly notes: readonly string[];
  /** Null for a whole folder. */
  readonly shard: Shard | null;
  /** SHA-256 of all that the result depends on, by which a finished part is known; null where nothing is kept to go on from. */
  readonly run: string | null;
  readonly summary: ConsistencySummary;
  readonly images: readonly ImageRow[];
  readonly failed: readonly FailedImage[];
}

/** A report without what grows with the number of images. */
export type ReportHead = Omit<ConsistencyReport, 'summary' | 'images' | 'failed'>;

export const reportKind = 'shiftlint consistency';

/** Rows come in the order of their names, so that equal results are equal files. */
export function consistencyReport(
  settings: ConsistencySettings,
  notes: readonly string[],
  shard: Shard | null,
  rows: readonly ImageRow[],
  failed: readonly FailedImage[],
): ConsistencyReport {
  const head: ReportHead = { kind: reportKind, version: 1, settings, notes, shard, run: null };
  return { ...head, summary: summarise(rows), images: inOrder(rows), failed: inOrder(failed) };
}

/** How many images of a list are in a part of it. */
export function imagesInShard(count: number, shard: Shard | null): number {
  return shard === null ? count : Math.ceil(Math.max(0, count - shard.index) / shard.count);
}

/** An object of which nothing is known but the names that its fields may have. */
type Fields<T> = Readonly<Partial<Record<keyof T, unknown>>>;

/** Whether members that were read make the head of a report. */
export function isReportHead(value: object): value is ReportHead {
  const { kind, version, settings, shard, notes, run }: Fields<ReportHead> = value;
  return (
    kind === reportKind &&
    version === 1 &&
    isObject(settings) &&
    isImageList((settings as Fields<ConsistencySettings>).imageList) &&
    isShard(shard) &&
    Array.isArray(notes) &&
    (run === null || typeof run === 'string')
  );
}

function isImageList(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { count, digest, labels }: Fields<ImageListFacts> = value;
  return isIndex(count) && typeof digest === 'string' && (labels === null || typeof labels === 'string');
}

function isShard(value: unknown): boolean {
  if (!isObject(value)) return value === null;
  const { index, count }: Fields<Shard> = value;
  return isIndex(index) && isIndex(count);
}

export function isImageRow(value: unknown): value is ImageRow {
  if (!isObject(value)) return false;
  const { image, top, pairs, agreeing, invariance, label, correctShifts }: Fields<ImageRow> = value;
  return (
    typeof image === 'string' &&
    [top, pairs, agreeing].every(isIndex) &&
    typeof invariance === 'number' &&
    (label === null || isIndex(label)) &&
    (correctShifts === null || typeof correctShifts === 'number')
  );
}

export function isFailedImage(value: unknown): value is FailedImage {
  if (!isObject(value)) return false;
  const { image, reason }: Fields<FailedImage> = value;
  return typeof image === 'string' && typeof reason === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
