import { partsOfLine } from './brackets';

/** Columns that the formatters of Python give a line unless they are told otherwise. */
const usualWidth = 88;

/** What projects tell them, narrowest first. */
const widths = [79, usualWidth, 100, 120, 140];

/** Lines close to the narrow width that a file has before their number is taken for a sign. */
const closeLines = 5;

/**
 * The columns that a file's lines have, as its text shows: the least of the usual widths that its code keeps to. A narrower one than
 * formatters have by themselves needs a sign: a call in three lines that would fit otherwise, or many lines that come close to it.
 */
export function lineWidthOf(source: string): number {
  const lines = source.split(/\r?\n/);
  const lengths = codeLines(lines).map(({ length }) => length);
  const longest = Math.max(0, ...lengths);
  const [narrow = usualWidth] = widths;
  if (longest > narrow) return widths.find((one) => one >= longest && one >= usualWidth) ?? longest;
  const isBroken = lines.some((_, index) => widthOfTriple(lines, index) > narrow && widthOfTriple(lines, index) <= usualWidth);
  const isClose = lengths.filter((length) => length > narrow - (usualWidth - narrow)).length >= closeLines;
  return isBroken || isClose ? narrow : usualWidth;
}

/** What a formatter could break: no comments and no texts, which it leaves as they are. */
function codeLines(lines: readonly string[]): readonly string[] {
  let isText = false;
  return lines.filter((line) => {
    const wasText = isText;
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) isText = !isText;
    return !wasText && !/['"#]/.test(line);
  });
}

/** The width of a call in three lines were it in one; 0 for any other lines. */
function widthOfTriple(lines: readonly string[], index: number): number {
  return joinedCall(lines, index)?.length ?? 0;
}

/**
 * A call that is written in three lines, its arguments in the middle one, as one line; null for any other lines, and where a comma behind
 * the last argument keeps them apart.
 */
export function joinedCall(lines: readonly string[], index: number): string | null {
  const [first, second, third] = lines.slice(index, index + 3);
  if (first === undefined || second === undefined || third === undefined) return null;
  if (!/[\w)\]][([]$/.test(first) || !/^\s*[)\]]/.test(third) || second.trim() === '' || second.trimEnd().endsWith(',')) return null;
  const parts = partsOfLine(second);
  if (parts === null || parts.end < second.trimEnd().length) return null;
  return first + second.trim() + third.trimStart();
}
