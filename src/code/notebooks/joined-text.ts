import type { SourceRange } from '../finding';

/** One document's share of a joined text. */
export interface TextPart {
  /** Names the document. */
  readonly document: string;
  /** Offset in the document at which the share begins. */
  readonly skipped: number;
  readonly text: string;
}

/** A range within one document. */
export interface PlaceInDocument extends SourceRange {
  readonly document: string;
}

/** Documents read as one text, joined by a newline each: the cells of a notebook, in order. */
export class JoinedText {
  readonly text: string;
  /** Where each share begins in the joined text. */
  readonly starts: readonly number[];

  constructor(readonly parts: readonly TextPart[]) {
    this.text = parts.map(({ text }) => text).join('\n');
    let start = 0;
    this.starts = parts.map(({ text }) => {
      const own = start;
      start += text.length + 1;
      return own;
    });
  }

  /** Where a range of the joined text lies; undefined where it does not lie within one document. */
  placeOf({ start, end }: SourceRange): PlaceInDocument | undefined {
    const index = this.starts.findLastIndex((own) => own <= start);
    const part = this.parts[index];
    const own = this.starts[index];
    if (part === undefined || own === undefined || end > own + part.text.length) return undefined;
    const shift = part.skipped - own;
    return { document: part.document, start: start + shift, end: end + shift };
  }

  /** Offset in the joined text; undefined where that place is not part of it. */
  offsetOf(document: string, offset: number): number | undefined {
    const index = this.parts.findIndex((part) => part.document === document);
    const part = this.parts[index];
    const own = this.starts[index];
    if (part === undefined || own === undefined) return undefined;
    const within = offset - part.skipped;
    return within < 0 || within > part.text.length ? undefined : own + within;
  }
}
