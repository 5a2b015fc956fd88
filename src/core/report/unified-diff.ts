import { lineChanges, linesOf, type LineChange } from './line-changes';

/** Lines around a change that are shown as they are. */
const context = 3;

/** A file before and after a change; null where there is none. */
export interface FileChange {
  /** Relative, written with `/`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The change as `git apply` and `patch -p1` take it; empty where nothing changes. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  const [old, now] = [linesOf(before ?? ''), linesOf(after ?? '')];
  const hunks = hunksOf(lineChanges(old, now));
  if (hunks.length === 0) return '';
  const names = [before === null ? '/dev/null' : quoted(`a/${path}`), after === null ? '/dev/null' : quoted(`b/${path}`)];
  return `--- ${names[0] ?? ''}\n+++ ${names[1] ?? ''}\n${hunks.map((hunk) => hunkText(hunk, old, now)).join('')}`;
}

/** Changes that stand close enough to be shown together. */
function hunksOf(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const hunks: LineChange[][] = [];
  for (const change of changes) {
    const hunk = hunks.at(-1);
    const last = hunk?.at(-1);
    if (hunk !== undefined && last !== undefined && change.oldStart - last.oldEnd <= 2 * context) hunk.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunkText(hunk: readonly LineChange[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (first === undefined || last === undefined) return '';
  const above = Math.min(context, first.oldStart);
  const below = Math.min(context, old.length - last.oldEnd);
  const [oldStart, newStart] = [first.oldStart - above, first.newStart - above];
  const lines: string[] = [];
  let at = oldStart;
  for (const { oldStart: start, oldEnd, newStart: from, newEnd } of hunk) {
    lines.push(...old.slice(at, start).map((line) => ` ${line}`));
    lines.push(...old.slice(start, oldEnd).map((line) => `-${line}`), ...now.slice(from, newEnd).map((line) => `+${line}`));
    at = oldEnd;
  }
  lines.push(...old.slice(at, at + below).map((line) => ` ${line}`));
  const head = `@@ -${rangeText(oldStart, last.oldEnd + below)} +${rangeText(newStart, last.newEnd + below)} @@\n`;
  return head + lines.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}

/** Lines from 1; an empty range names the line in front of it. */
function rangeText(start: number, end: number): string {
  const count = end - start;
  return count === 1 ? String(start + 1) : `${count === 0 ? start : start + 1},${count}`;
}

/** A name as git writes it: what would end it is quoted, and a tab tells where one with spaces ends. */
function quoted(name: string): string {
  const isPlain = Array.from(name).every((character) => character >= ' ' && !'"\\\u007f'.includes(character));
  if (isPlain) return name.includes(' ') ? `${name}\t` : name;
  return `"${Array.from(name, quotedCharacter).join('')}"`;
}

function quotedCharacter(character: string): string {
  if (character < ' ' || character === '\u007f') return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return character === '"' || character === '\\' ? `\\${character}` : character;
}
