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
