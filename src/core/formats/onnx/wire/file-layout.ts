import { lastAtOrBefore, type ByteSource } from '../../byte-source';

/** Values of a tensor that were left in the file. */
export interface SkippedValues {
  /** `raw_data`, `float_data` …: a number of `tensorField`. */
  readonly field: number;
  readonly start: number;
  readonly end: number;
}

/** Where things of a skimmed model stand in its file. */
export interface FileLayout {
  readonly fileSize: number;
  /** Place in the file of the start or end of a field. */
  readonly toFile: (offset: number) => number;
  /** Values that were left out of the tensor whose field starts at that offset; undefined where all are there. */
  readonly skippedValues: (tensorStart: number) => SkippedValues | undefined;
}

/** A part of a skimmed message, in file order. */
export type SkimItem =
  /** Bytes kept as they are. */
  | { readonly kind: 'run'; readonly start: number; readonly end: number }
  /** Tag and length of a message that lost values somewhere inside. */
  | { readonly kind: 'field'; readonly fileStart: number; readonly header: Uint8Array; readonly skipped: SkippedValues | undefined }
  /** What was left out. */
  | { readonly kind: 'values'; readonly skipped: SkippedValues };

/** The layout of a file that was read whole. */
export function identityLayout(fileSize: number): FileLayout {
  return { fileSize, toFile: (offset) => offset, skippedValues: () => undefined };
}

/** Puts the kept parts together and remembers where each came from. */
export async function layOut(
  source: ByteSource,
  items: readonly SkimItem[],
): Promise<{ readonly bytes: Uint8Array; readonly layout: FileLayout }> {
  const bytes = new Uint8Array(items.reduce((total, item) => total + itemLength(item), 0));
  /** Offsets in the skimmed bytes and in the file, ascending. */
  const starts: number[] = [];
  const fileStarts: number[] = [];
  const fields = new Map<number, Extract<SkimItem, { kind: 'field' }>>();
  let offset = 0;
  for (const item of items) {
    if (item.kind === 'run') {
      bytes.set(await source.read(item.start, item.end - item.start), offset);
      starts.push(offset);
      fileStarts.push(item.start);
    } else if (item.kind === 'field') {
      bytes.set(item.header, offset);
      fields.set(offset, item);
    }
    offset += itemLength(item);
  }
  const toFile = (position: number): number => {
    const field = fields.get(position);
    if (field !== undefined) return field.fileStart;
    if (position === bytes.length) return source.size;
    const run = lastAtOrBefore(starts, position);
    return (fileStarts[run] ?? 0) + position - (starts[run] ?? 0);
  };
  return { bytes, layout: { fileSize: source.size, toFile, skippedValues: (start) => fields.get(start)?.skipped } };
}

function itemLength(item: SkimItem): number {
  if (item.kind === 'values') return 0;
  return item.kind === 'run' ? item.end - item.start : item.header.length;
}
