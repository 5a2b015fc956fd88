import type { TextEdit } from '../../core/formats/format';
import type { SourceRange } from '../finding';

/**
 * A change of the source by what it means, so that the changes of several fixes can be made one list of edits: an expression
 * put into a call may hold others that are put into calls themselves.
 */
export type Change =
  /** Writes something else in place of a range; an empty text deletes it. */
  | { readonly kind: 'replace'; readonly range: SourceRange; readonly text: string }
  /** Writes something around an expression. */
  | { readonly kind: 'wrap'; readonly range: SourceRange; readonly before: string; readonly after: string }
  /** Writes something at an offset, behind whatever ends there. */
  | { readonly kind: 'insert'; readonly offset: number; readonly text: string };

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly text: string;
  /** What ends at an offset is written before what starts there. */
  readonly order: number;
  /** Among pieces of one order: the inner expression ends first, the outer one starts first. */
  readonly depth: number;
}

/** The edits that make all changes at once, in the order of the source; null where two of them rewrite the same text. */
export function editsOf(changes: readonly Change[]): readonly TextEdit[] | null {
  const pieces = changes.flatMap(piecesOf).sort((a, b) => a.offset - b.offset || a.order - b.order || a.depth - b.depth);
  const edits: { offset: number; length: number; text: string }[] = [];
  for (const { offset, end, text } of pieces) {
    const last = edits.at(-1);
    const reached = last === undefined ? -1 : last.offset + last.length;
    if (offset < reached) return null;
    if (last !== undefined && offset === reached) {
      last.length += end - offset;
      last.text += text;
    } else edits.push({ offset, length: end - offset, text });
  }
  return edits;
}

function piecesOf(change: Change): readonly Piece[] {
  switch (change.kind) {
    case 'replace': {
      const { start, end } = change.range;
      return [{ offset: start, end, text: change.text, order: 3, depth: 0 }];
    }
    case 'insert':
      return [{ offset: change.offset, end: change.offset, text: change.text, order: 1, depth: 0 }];
    case 'wrap': {
      const { start, end } = change.range;
      return [
        { offset: start, end: start, text: change.before, order: 2, depth: -end },
        { offset: end, end, text: change.after, order: 0, depth: -start },
      ];
    }
  }
}
