import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { childrenOf } from './nodes';

/** Takes an item out of the list, call or object that holds it, with one of the commas around it. */
export function removeItem(item: Node, source: string): Change {
  const siblings = item.parent === null ? [item] : childrenOf(item.parent);
  const index = siblings.findIndex(({ id }) => id === item.id);
  const previous = siblings[index - 1];
  const next = siblings[index + 1];
  const { startIndex: start, endIndex: end } = item;
  if (previous !== undefined && isSeparator(source.slice(previous.endIndex, start))) return deletion(previous.endIndex, end);
  if (next !== undefined && isSeparator(source.slice(end, next.startIndex))) return deletion(start, next.startIndex);
  // Comments stand on both sides: the item goes with its comma, and with its line where nothing else is on it.
  const behind = end + (/^[ \t]*,[ \t]*/.exec(source.slice(end))?.[0].length ?? 0);
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = /^[ \t]*\r?\n/.exec(source.slice(behind));
  const isAlone = lineStart > 0 && lineBreak !== null && !/\S/.test(source.slice(lineStart, start));
  return isAlone ? deletion(lineStart, behind + lineBreak[0].length) : deletion(start, behind);
}

/** A comma and no comment: nothing of the user's is lost with it. */
function isSeparator(text: string): boolean {
  return /^\s*,\s*$/.test(text);
}

function deletion(start: number, end: number): Change {
  return { kind: 'replace', range: { start, end }, text: '' };
}

/** Adds an item behind another one of a list, on a line of its own where the items stand so. */
export function insertItemAfter(item: Node, text: string, source: string): Change {
  const lineStart = source.lastIndexOf('\n', item.startIndex - 1) + 1;
  const indentation = source.slice(lineStart, item.startIndex);
  if (/\S/.test(indentation) || lineStart === 0) return { kind: 'insert', offset: item.endIndex, text: `, ${text}` };
  const eol = lineStart >= 2 && source.charAt(lineStart - 2) === '\r' ? '\r\n' : '\n';
  // Behind the comma and the comment that belong to the item, so that the comment stays with it.
  const rest = /^[ \t]*,[ \t]*(?:(?:#|\/\/)[^\r\n]*)?(?=\r?\n)/.exec(source.slice(item.endIndex));
  if (rest !== null) return { kind: 'insert', offset: item.endIndex + rest[0].length, text: `${eol}${indentation}${text},` };
  const isLast = item.nextNamedSibling === null;
  return { kind: 'insert', offset: item.endIndex, text: isLast ? `,${eol}${indentation}${text}` : `, ${text}` };
}

/** Adds an item before another one of a list. */
export function insertItemBefore(item: Node, text: string, source: string): Change {
  const lineStart = source.lastIndexOf('\n', item.startIndex - 1) + 1;
  const indentation = source.slice(lineStart, item.startIndex);
  const ownLine = !/\S/.test(indentation) && lineStart > 0;
  const eol = source.charAt(lineStart - 2) === '\r' ? '\r\n' : '\n';
  return { kind: 'insert', offset: item.startIndex, text: `${text},${ownLine ? eol + indentation : ' '}` };
}
