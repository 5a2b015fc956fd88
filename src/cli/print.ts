import { once } from 'node:events';
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

/** Prints what has a form of its own, and has written out what a name in it would do: rows of values, a diff, a document. */
export function printAsIs(text: string): void {
  process.stdout.write(text);
}

/** Characters that are written at a time where text comes in small pieces. */
const pieceLength = 1 << 16;

/** Prints such a text piece by piece, no faster than its reader takes it. */
export async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const bytes of bytesOf(pieces)) if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

/** A text that comes in small pieces, as bytes in larger ones. */
export async function* bytesOf(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = '';
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < pieceLength) continue;
    yield encoder.encode(waiting);
    waiting = '';
  }
  yield encoder.encode(waiting);
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

/** Counts files on a terminal, ten times a second at most, until the last; silent where standard error is a file or there are few. */
export function countingFiles(all: number): { readonly next: () => void; readonly end: () => void } {
  if (!process.stderr.isTTY || all < 32) return { next: () => undefined, end: () => undefined };
  let done = 0;
  let shown = 0;
  return {
    next: () => {
      done += 1;
      if (Date.now() - shown < 100) return;
      shown = Date.now();
      showStep(`${done} of ${all} files`);
    },
    end: () => {
      showStep('');
    },
  };
}
