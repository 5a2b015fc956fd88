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
  /** Which group the change is of. */
  readonly group: number;
}

/** Edits that are made together, and the groups of changes that they make, by their index. */
export interface ChangedTogether {
  readonly groups: readonly number[];
  readonly edits: readonly TextEdit[];
}

/** The edits that make all changes at once, in the order of the source; null where two of them rewrite the same text. */
export function editsOf(changes: readonly Change[]): readonly TextEdit[] | null {
  return merged(changes.flatMap((change) => piecesOf(change, 0)))?.map(({ edit }) => edit) ?? null;
}

/**
 * The edits that make all changes by the groups that they make: groups whose changes touch come together.
 *
 * @param edits that make all changes at once, however they have been laid out @throws Error where two changes rewrite the same text
 */
export function togetherOf(groups: readonly (readonly Change[])[], edits: readonly TextEdit[]): readonly ChangedTogether[] {
  const owned = merged(groups.flatMap((changes, group) => changes.flatMap((change) => piecesOf(change, group))));
  if (owned === null) throw new Error('Two changes rewrite the same text.');
  const laidOut = edits.map((edit): OwnedEdit => ({ edit, owners: ownersOf(edit, owned) }));
  const above = groups.map((_, group) => group);
  const rootOf = (group: number): number => {
    const next = above[group] ?? group;
    return next === group ? group : rootOf(next);
  };
  for (const { owners } of laidOut) {
    const roots = [...owners].map(rootOf);
    const root = Math.min(...roots);
    for (const one of roots) above[one] = root;
  }
  const roots = [...new Set(groups.map((_, group) => rootOf(group)))];
  return roots.map((root) => ({
    groups: groups.flatMap((_, group) => (rootOf(group) === root ? [group] : [])),
    edits: laidOut.filter(({ owners }) => [...owners].some((owner) => rootOf(owner) === root)).map(({ edit }) => edit),
  }));
}

/** The groups whose edits an edit makes, as it stands or with the lines around. */
function ownersOf({ offset, length }: TextEdit, owned: readonly OwnedEdit[]): ReadonlySet<number> {
  const meeting = owned.filter(({ edit }) => edit.offset <= offset + length && edit.offset + edit.length >= offset);
  return new Set(meeting.flatMap(({ owners }) => [...owners]));
}

/** An edit, and the groups of changes that it makes. */
interface OwnedEdit {
  readonly edit: TextEdit;
  readonly owners: ReadonlySet<number>;
}

function merged(pieces: readonly Piece[]): readonly OwnedEdit[] | null {
  const ordered = [...pieces].sort((a, b) => a.offset - b.offset || a.order - b.order || a.depth - b.depth);
  const edits: { edit: { offset: number; length: number; text: string }; owners: Set<number> }[] = [];
  for (const { offset, end, text, group } of ordered) {
    const last = edits.at(-1);
    const reached = last === undefined ? -1 : last.edit.offset + last.edit.length;
    if (offset < reached) return null;
    if (last !== undefined && offset === reached) {
      last.edit.length += end - offset;
      last.edit.text += text;
      last.owners.add(group);
    } else edits.push({ edit: { offset, length: end - offset, text }, owners: new Set([group]) });
  }
  return edits;
}

function piecesOf(change: Change, group: number): readonly Piece[] {
  switch (change.kind) {
    case 'replace': {
      const { start, end } = change.range;
      return [{ offset: start, end, text: change.text, order: 3, depth: 0, group }];
    }
    case 'insert':
      return [{ offset: change.offset, end: change.offset, text: change.text, order: 1, depth: 0, group }];
    case 'wrap': {
      const { start, end } = change.range;
      return [
        { offset: start, end: start, text: change.before, order: 2, depth: -end, group },
        { offset: end, end, text: change.after, order: 0, depth: -start, group },
      ];
    }
  }
}
