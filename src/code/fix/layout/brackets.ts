/** A pair of brackets in a line of Python and where the items between them begin and end. */
export interface BracketPair {
  readonly open: number;
  readonly close: number;
  /** Offsets of the commas directly between them. */
  readonly commas: readonly number[];
}

/** A line of Python taken apart. */
export interface LineParts {
  /** Pairs that stand in no other one, in order. */
  readonly pairs: readonly BracketPair[];
  /** Where the code ends: a comment and the blanks before it lie behind. */
  readonly end: number;
}

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** The brackets of a line; null where it opens or closes others, or has a text of several lines. */
export function partsOfLine(line: string): LineParts | null {
  const pairs: BracketPair[] = [];
  const stack: { readonly open: number; readonly commas: number[] }[] = [];
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '#') return stack.length === 0 ? { pairs, end: line.slice(0, at).trimEnd().length } : null;
    if (char === '"' || char === "'") {
      const end = endOfText(line, at);
      if (end === null) return null;
      at = end;
    } else if (closing.has(char)) stack.push({ open: at, commas: [] });
    else if (char === ',') stack.at(-1)?.commas.push(at);
    else if (char === ')' || char === ']' || char === '}') {
      const pair = stack.pop();
      if (pair === undefined || closing.get(line.charAt(pair.open)) !== char) return null;
      if (stack.length === 0) pairs.push({ ...pair, close: at });
    } else if (char === '\\') return null;
  }
  return stack.length === 0 ? { pairs, end: line.trimEnd().length } : null;
}

/** The offset of the quote that ends a text; null for one of several lines. */
function endOfText(line: string, start: number): number | null {
  const quote = line.charAt(start);
  if (line.startsWith(quote.repeat(3), start)) return null;
  for (let at = start + 1; at < line.length; at++) {
    if (line.charAt(at) === '\\') at++;
    else if (line.charAt(at) === quote) return at;
  }
  return null;
}
