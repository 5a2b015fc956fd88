import { limits, requireWithin } from '../../limits';

/** What a JSON text asks of whoever parses it, in one pass over its characters; the text may be damaged. */
interface JsonMeasure {
  /** Values of any kind, names of properties not counted. */
  readonly values: number;
  /** Objects and lists within each other, up to one level more than a model's JSON may have: there the pass ends. */
  readonly nesting: number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [braceOpen, braceClose, listOpen, listClose] = [0x7b, 0x7d, 0x5b, 0x5d];

/** @throws ModelError `too-large` for a text with more values, or deeper ones, than any model has: before a parser sees it */
export function requireParsable(text: string, path: string): void {
  const { values, nesting } = measureJson(text);
  requireWithin('jsonNesting', nesting, path);
  requireWithin('jsonValues', values, path);
}

/** True for a text that is nested deeper than any model. Parsers that give positions recurse, so such a text would overflow their stack. */
export function nestsTooDeep(text: string): boolean {
  return measureJson(text).nesting > limits.jsonNesting.most;
}

function measureJson(text: string): JsonMeasure {
  let [depth, nesting, values] = [0, 0, 1];
  let isEmpty = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 0x20) continue;
    if (code === braceOpen || code === listOpen) {
      nesting = Math.max(nesting, ++depth);
      if (nesting > limits.jsonNesting.most) break;
      values++;
      isEmpty = true;
      continue;
    }
    if (code === braceClose || code === listClose) {
      depth--;
      if (isEmpty) values--;
    } else if (code === comma) values++;
    else if (code === quote) index = endOfString(text, index);
    isEmpty = false;
  }
  return { values, nesting };
}

/** Place of the quote that ends a string; the text's end where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
