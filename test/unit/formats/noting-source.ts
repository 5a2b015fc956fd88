import type { ModelSource } from '../../../src/core/formats/format';

/** A range of one file that was read. */
export interface Range {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A source that notes every range that is read of a model's files. */
export function noting(source: ModelSource): { readonly source: ModelSource; readonly ranges: readonly Range[] } {
  const ranges: Range[] = [];
  const note = <T extends Uint8Array | undefined>(file: string, start: number, bytes: T): T => {
    if (bytes !== undefined && bytes.length > 0) ranges.push({ file, start, end: start + bytes.length });
    return bytes;
  };
  return {
    ranges,
    source: {
      path: source.path,
      size: source.size,
      ...(source.whole !== undefined && { whole: source.whole }),
      read: async (offset, length) => note('', offset, await source.read(offset, length)),
      siblingSize: (path) => source.siblingSize(path),
      readSibling: async (path) => note(path, 0, await source.readSibling(path)),
      readSiblingRange: async (path, offset, length) => note(path, offset, await source.readSiblingRange(path, offset, length)),
    },
  };
}

/** Ranges that share bytes with a range that was read before. */
export function readAgain(ranges: readonly Range[]): readonly Range[] {
  return ranges.filter((range, index) =>
    ranges.slice(0, index).some(({ file, start, end }) => file === range.file && start < range.end && range.start < end),
  );
}
