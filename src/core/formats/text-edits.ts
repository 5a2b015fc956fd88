import type { TextEdit } from './format';

/** Applies non-overlapping edits, given in any order, to a text. Edits at one offset keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
    result += text.slice(position, edit.offset) + edit.text;
    position = edit.offset + edit.length;
  }
  return result + text.slice(position);
}

/** Where a place of the text after some edits was before them; what was written by one was at its beginning. */
export function offsetBefore(edits: readonly TextEdit[], offset: number): number {
  let shift = 0;
  for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
    if (offset < edit.offset + shift) break;
    if (offset < edit.offset + shift + edit.text.length) return edit.offset;
    shift += edit.text.length - edit.length;
  }
  return offset - shift;
}

/** Where a place of a text is after some edits; a place within one is behind what it writes. */
export function offsetAfter(edits: readonly TextEdit[], offset: number): number {
  return edits.reduce((moved, edit) => (edit.offset + edit.length <= offset ? moved + edit.text.length - edit.length : moved), offset);
}

/** The one replacement that turns a text into another: what lies between their common beginning and end. Undefined where they are equal. */
export function minimalEdit(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let ending = 0;
  const most = shorter - start;
  while (ending < most && before.charCodeAt(before.length - 1 - ending) === after.charCodeAt(after.length - 1 - ending)) ending += 1;
  return { offset: start, length: before.length - start - ending, text: after.slice(start, after.length - ending) };
}
