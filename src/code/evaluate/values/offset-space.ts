import { codeLimits } from '../../../core/limits';
import { SourcePlaces } from '../../../core/report/lint-report';
import type { FilePlace, SourceRange } from '../../finding';

/** A source that offsets can lie in. */
export interface PlacedSource {
  readonly file: string;
  readonly text: string;
  /** Offset of its first character. */
  readonly origin: number;
}

/** Room for one source: a longer one is not judged. */
const room = codeLimits.characters + 1;

/**
 * Gives every source that a judgement reads offsets of its own, so that a place is one number whichever file it lies in. The judged
 * document has those from 0 on.
 */
export class OffsetSpace {
  private readonly sources: (PlacedSource | undefined)[] = [];

  /** Room for a source that is read for the first time, or again after a change. */
  place(file: string, text: string): PlacedSource {
    const source = { file, text, origin: (this.sources.length + 1) * room };
    this.sources.push(source);
    return source;
  }

  /** Forgets a source: no new place lies in it. */
  release({ origin }: PlacedSource): void {
    this.sources[origin / room - 1] = undefined;
  }

  /** The source that an offset lies in; undefined in the judged document. */
  sourceAt(offset: number): PlacedSource | undefined {
    return this.sources[Math.floor(offset / room) - 1];
  }
}

/** Where a range of another source lies in its file. */
export function placeIn({ file, text, origin }: PlacedSource, { start, end }: SourceRange): FilePlace {
  const places = new SourcePlaces(text);
  return { file, start: places.at(start - origin), end: places.at(end - origin) };
}

/** True where an offset lies in another source than the judged document. */
export function isElsewhere(offset: number): boolean {
  return offset >= room;
}

/** True where two offsets lie in one source. */
export function areTogether(a: number, b: number): boolean {
  return Math.floor(a / room) === Math.floor(b / room);
}
