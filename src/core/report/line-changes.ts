/** Lines of an old text that lines of a new one replace; both count from 0, the end is the line after the last. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Changes beyond so many lines are told as one. */
const mostChanged = 1000;

/** The lines of a text, each with its ending. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The fewest changes that make one list of lines another, in their order: E. Myers, "An O(ND) difference algorithm" (1986). */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let ending = 0;
  while (ending < shorter - start && before[before.length - 1 - ending] === after[after.length - 1 - ending]) ending++;
  const old = before.slice(start, before.length - ending);
  const now = after.slice(start, after.length - ending);
  if (old.length === 0 && now.length === 0) return [];
  const changes = shortest(old, now) ?? [{ oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: now.length }];
  return changes.map(({ oldStart, oldEnd, newStart, newEnd }) => ({
    oldStart: oldStart + start,
    oldEnd: oldEnd + start,
    newStart: newStart + start,
    newEnd: newEnd + start,
  }));
}

/** How far the furthest way reaches on each diagonal (old lines less new ones), in old lines. */
type Reached = ReadonlyMap<number, number>;

/** The shortest way from nothing to both texts, found by ways of 0, 1, 2, … changed lines; null where they are too many. */
function shortest(old: readonly string[], now: readonly string[]): readonly LineChange[] | null {
  const rounds: Reached[] = [];
  for (let changed = 0; changed <= Math.min(mostChanged, old.length + now.length); changed++) {
    const last = rounds.at(-1);
    const reached = new Map<number, number>();
    for (let diagonal = -changed; diagonal <= changed; diagonal += 2) {
      const step = last === undefined ? { x: 0 } : stepOnto(diagonal, last, old.length, now.length);
      if (step === null) continue;
      let { x } = step;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x === old.length && x - diagonal === now.length) return changesOf(rounds, old.length, now.length);
    }
    rounds.push(reached);
  }
  return null;
}

/** Where a way of one more changed line comes onto a diagonal; null where none does. */
function stepOnto(
  diagonal: number,
  last: Reached,
  oldLength: number,
  newLength: number,
): { readonly x: number; readonly isNew: boolean } | null {
  const above = last.get(diagonal + 1);
  const before = last.get(diagonal - 1);
  const byNew = above !== undefined && above - diagonal <= newLength ? above : null;
  const byOld = before !== undefined && before < oldLength ? before + 1 : null;
  if (byNew === null && byOld === null) return null;
  return byOld === null || (byNew !== null && byNew >= byOld) ? { x: byNew ?? 0, isNew: true } : { x: byOld, isNew: false };
}

/** Walks the shortest way back from its end. */
function changesOf(rounds: readonly Reached[], oldLength: number, newLength: number): readonly LineChange[] {
  const changes: LineChange[] = [];
  let [x, y] = [oldLength, newLength];
  for (const last of rounds.toReversed()) {
    const diagonal = x - y;
    const step = stepOnto(diagonal, last, oldLength, newLength);
    if (step === null) break;
    const [oldEnd, newEnd] = [step.x, step.x - diagonal];
    const [oldStart, newStart] = step.isNew ? [oldEnd, newEnd - 1] : [oldEnd - 1, newEnd];
    const next = changes[0];
    if (next !== undefined && next.oldStart === oldEnd && next.newStart === newEnd) changes[0] = { ...next, oldStart, newStart };
    else changes.unshift({ oldStart, oldEnd, newStart, newEnd });
    [x, y] = [oldStart, newStart];
  }
  return changes;
}
