import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';

/** White space before the first character of a line. */
export function indentationAt(source: string, offset: number): string {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(lineStart))?.[0] ?? '';
}

/** The document's line ending. */
export function endOfLine(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

/** Offset where the line of an offset ends, before its line break. */
export function lineEnd(source: string, offset: number): number {
  const at = source.slice(offset).search(/\r?\n|$/);
  return offset + Math.max(0, at);
}

/**
 * Adds a statement behind another one, on its own line with the same indentation; on the same line where more statements
 * follow there.
 */
export function insertStatementAfter(statement: Node, text: string, source: string, isPython: boolean): Change {
  const end = statement.endIndex;
  const terminated = !isPython && source.charAt(end - 1) === ';' ? `${text};` : text;
  const rest = source.slice(end, lineEnd(source, end));
  const startsLine = !/\S/.test(source.slice(source.lastIndexOf('\n', statement.startIndex - 1) + 1, statement.startIndex));
  if (startsLine && /^\s*(?:(?:#|\/\/).*)?$/.test(rest)) {
    const newLine = `${endOfLine(source)}${indentationAt(source, statement.startIndex)}${terminated}`;
    return { kind: 'insert', offset: end + rest.length, text: newLine };
  }
  return { kind: 'insert', offset: end, text: isPython ? `; ${text}` : ` ${text};` };
}

/** The same before a statement. */
export function insertStatementBefore(statement: Node, text: string, source: string, isPython: boolean): Change {
  const startsLine = !/\S/.test(source.slice(source.lastIndexOf('\n', statement.startIndex - 1) + 1, statement.startIndex));
  const terminated = !isPython && source.charAt(statement.endIndex - 1) === ';' ? `${text};` : text;
  const gap = startsLine ? endOfLine(source) + indentationAt(source, statement.startIndex) : ' ';
  return { kind: 'insert', offset: statement.startIndex, text: startsLine ? terminated + gap : `${text};${gap}` };
}
