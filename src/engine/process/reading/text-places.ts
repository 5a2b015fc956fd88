import type { TextPlace } from '../../protocol/reading';

/** Converts character offsets of a text into places as editors count them. */
export class TextPlaces {
  private readonly lineStarts: readonly number[];

  constructor(text: string) {
    this.lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
  }

  /** The place of an offset in UTF-16 code units. */
  placeOf(offset: number): TextPlace {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - (this.lineStarts[low] ?? 0) };
  }
}
