import type { TextEdit } from '../../../core/formats/format';
import { endOfLine, lineEnd } from '../syntax/statements';
import { joinedCall, lineWidthOf } from './line-width';
import { wrapped } from './wrap';

/** Neighbouring lines of a source that edits change together. */
interface Passage {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly TextEdit[];
}

/**
 * Edits of Python code that leave its lines as a formatter has them: a line that an edit makes too long is broken, and a call that was
 * broken and now fits is put into one line. Lines that were too long before stay as they are.
 */
export function withLayout(source: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const width = lineWidthOf(source);
  const passages = passagesOf(source, edits);
  return passages.flatMap((passage, index) => {
    const nearest = { from: passages[index - 1]?.end ?? -1, to: passages[index + 1]?.start ?? source.length + 1 };
    return laidOut(source, passage, nearest, width);
  });
}

/** The edits by the lines that they change. */
function passagesOf(source: string, edits: readonly TextEdit[]): readonly Passage[] {
  const passages: { start: number; end: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const start = lineStart(source, edit.offset);
    const end = lineEnd(source, edit.offset + edit.length);
    const last = passages.at(-1);
    if (last !== undefined && start <= last.end + endOfLine(source).length) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else passages.push({ start, end, edits: [edit] });
  }
  return passages;
}

function laidOut(
  source: string,
  passage: Passage,
  others: { readonly from: number; readonly to: number },
  width: number,
): readonly TextEdit[] {
  const eol = endOfLine(source);
  const old = source.slice(passage.start, passage.end).split(eol);
  const changed = edited(source, passage).split(eol);
  if (old.some((line) => line.length > width)) return passage.edits;
  const broken = changed.flatMap((line) => (old.includes(line) ? [line] : wrapped(line, width)));
  // The lines around may begin and end a call that fits into one line now.
  const above = lineStart(source, passage.start - 1);
  const below = lineEnd(source, passage.end + eol.length);
  const canGrow = passage.start > 0 && above > others.from && passage.end < source.length && below < others.to;
  const start = canGrow ? above : passage.start;
  const end = canGrow ? below : passage.end;
  const before = source.slice(start, end);
  const around = canGrow
    ? [source.slice(above, passage.start - eol.length), ...broken, source.slice(passage.end + eol.length, below)]
    : broken;
  const joined = joinCalls(around, before.split(eol), width);
  if (joined.length === around.length && broken.length === changed.length) return passage.edits;
  return [difference(before, joined.join(eol), start)];
}

function edited(source: string, { start, end, edits }: Passage): string {
  let [text, at] = ['', start];
  for (const edit of edits) {
    text += source.slice(at, edit.offset) + edit.text;
    at = edit.offset + edit.length;
  }
  return text + source.slice(at, end);
}

/** Calls in one line that an edit has made short enough; what fitted before was left in three lines on purpose. */
function joinCalls(lines: readonly string[], before: readonly string[], width: number): readonly string[] {
  const result = [...lines];
  const known = new Set(before.map((_, index) => joinedCall(before, index)));
  for (let index = 0; index < result.length; index++) {
    const joined = joinedCall(result, index);
    if (joined !== null && joined.length <= width && !known.has(joined)) result.splice(index, 3, joined);
  }
  return result;
}

/** The edit that makes one text of another, without what both begin and end with. */
function difference(before: string, after: string, offset: number): TextEdit {
  let same = 0;
  while (same < before.length && same < after.length && before.charAt(same) === after.charAt(same)) same++;
  let tail = 0;
  while (
    tail < before.length - same &&
    tail < after.length - same &&
    before.charAt(before.length - 1 - tail) === after.charAt(after.length - 1 - tail)
  )
    tail++;
  return { offset: offset + same, length: before.length - same - tail, text: after.slice(same, after.length - tail) };
}

function lineStart(source: string, offset: number): number {
  return offset <= 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}
