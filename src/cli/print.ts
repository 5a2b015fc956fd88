import { visibleJson, visibleText } from '../core/report/visible-text';

/** Prints lines for people; whatever a name in them would make a terminal or a build do is written out instead. */
export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${visibleText(line)}\n`).join(''));
}

/** Prints one such line. */
export function printLine(line: string): void {
  printLines([line]);
}

/** Prints a report for scripts. */
export function printJson(report: unknown): void {
  process.stdout.write(`${visibleJson(JSON.stringify(report, null, 2))}\n`);
}

/** Prints rows of comma-separated values, made by the report. */
export function printCsv(csv: string): void {
  process.stdout.write(csv);
}

/** Prints a diff as it is: another character would be another file. */
export function printDiff(diff: string): void {
  process.stdout.write(diff);
}

/** Says lines for people on standard error, beside a result that stands alone on standard output. */
export function printNotes(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${visibleText(line)}\n`).join(''));
}

/** Says on standard error what went wrong. */
export function printError(line: string): void {
  process.stderr.write(`shiftlint: ${visibleText(line)}\n`);
}

/** Says on standard error where an error comes from, line by line. */
export function printTrace(stack: string): void {
  process.stderr.write(
    stack
      .split('\n')
      .map((line) => `${visibleText(line)}\n`)
      .join(''),
  );
}

/** Rewrites the line of a terminal that follows a call. */
export function showStep(text: string): void {
  process.stderr.write(`\r\u001b[K${visibleText(text)}`);
}

/** The width of a column that starts with a heading; a model may have more names than a call has arguments. */
export function columnWidth(least: number, names: Iterable<string>): number {
  let width = least;
  for (const name of names) width = Math.max(width, visibleText(name).length);
  return width;
}

/** A name, filled up to the width of its column. */
export function inColumn(name: string, width: number): string {
  return visibleText(name).padEnd(width);
}
