import { diffArrays } from 'diff';

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

/** The fewest changes that make one list of lines another, in their order. */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const runs = diffArrays([...before], [...after], { maxEditLength: mostChanged });
  if (runs === undefined) return [{ oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length }];
  const changes: LineChange[] = [];
  let [at, now] = [0, 0];
  for (const { count, added, removed } of runs) {
    const [oldEnd, newEnd] = [at + (added ? 0 : count), now + (removed ? 0 : count)];
    if (added || removed) {
      const last = changes.at(-1);
      if (last !== undefined && last.oldEnd === at && last.newEnd === now) changes[changes.length - 1] = { ...last, oldEnd, newEnd };
      else changes.push({ oldStart: at, oldEnd, newStart: now, newEnd });
    }
    [at, now] = [oldEnd, newEnd];
  }
  return changes;
}
