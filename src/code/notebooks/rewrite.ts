import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { TextEdit } from '../../core/formats/format';
import { lineChanges, linesOf } from '../../core/report/line-changes';

/**
 * The edits of a notebook's file that give cells another text, by their place among all cells: only lines that change are written anew, so
 * that everything else of the file stays as it is written.
 *
 * @throws Error for a cell that the file does not have
 */
export function cellEdits(notebook: string, texts: ReadonlyMap<number, string>): readonly TextEdit[] {
  const root = parseTree(notebook);
  const write = isAscii(notebook) ? (line: string) => inAscii(JSON.stringify(line)) : (line: string) => JSON.stringify(line);
  return [...texts].flatMap(([cell, text]) => {
    const source = root && findNodeAtLocation(root, ['cells', cell, 'source']);
    if (source?.type === 'array') return listEdits(notebook, source, text, write);
    if (source?.type === 'string') return textEdits(notebook, source, text, write);
    throw new Error(`The notebook has no cell ${cell}.`);
  });
}

type WriteLine = (line: string) => string;

/** Edits of a list with an entry a line. */
function listEdits(notebook: string, { offset, length, children = [] }: Node, text: string, write: WriteLine): readonly TextEdit[] {
  const old = children.map(({ value }) => String(value));
  const now = linesOf(text);
  const [first, second] = children;
  if (first === undefined || now.length === 0) return [{ offset, length, text: `[${now.map(write).join(', ')}]` }];
  const lead = notebook.slice(offset + 1, first.offset);
  const between = second === undefined ? `,${lead === '' ? ' ' : lead}` : notebook.slice(endOf(first), second.offset);
  return lineChanges(old, now).map(({ oldStart, oldEnd, newStart, newEnd }): TextEdit => {
    const written = now.slice(newStart, newEnd).map(write).join(between);
    const [start, last, next, previous] = [children[oldStart], children[oldEnd - 1], children[oldEnd], children[oldStart - 1]];
    if (written === '') {
      // A line goes with the comma behind it, the last one with that in front.
      const from = next === undefined && previous !== undefined ? endOf(previous) : (start?.offset ?? offset);
      return { offset: from, length: (next?.offset ?? (last === undefined ? from : endOf(last))) - from, text: '' };
    }
    if (oldStart < oldEnd && start !== undefined && last !== undefined)
      return { offset: start.offset, length: endOf(last) - start.offset, text: written };
    return start === undefined
      ? { offset: endOf(children.at(-1) ?? first), length: 0, text: between + written }
      : { offset: start.offset, length: 0, text: written + between };
  });
}

/** Edits of a text that is written as one. */
function textEdits(notebook: string, { offset, length, value }: Node, text: string, write: WriteLine): readonly TextEdit[] {
  const old = linesOf(String(value));
  const now = linesOf(text);
  const starts = lineStarts(notebook, offset + 1, offset + length - 1);
  return lineChanges(old, now).map(({ oldStart, oldEnd, newStart, newEnd }) => {
    const from = starts[oldStart] ?? offset + length - 1;
    const to = starts[oldEnd] ?? offset + length - 1;
    return {
      offset: from,
      length: to - from,
      text: now
        .slice(newStart, newEnd)
        .map((line) => write(line).slice(1, -1))
        .join(''),
    };
  });
}

/** Where in a file the lines of a written text begin. */
function lineStarts(notebook: string, start: number, end: number): readonly number[] {
  const starts = [start];
  for (let at = start; at < end; at++) {
    if (notebook[at] !== '\\') continue;
    const isBreak = notebook[at + 1] === 'n' || notebook.slice(at + 1, at + 6).toLowerCase() === 'u000a';
    at += notebook[at + 1] === 'u' ? 5 : 1;
    if (isBreak) starts.push(at + 1);
  }
  return starts;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function isAscii(text: string): boolean {
  return !/[^\0-\u007f]/.test(text);
}

/** Written as a file is that has no other characters. */
function inAscii(json: string): string {
  return json.replace(/[^\0-\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
