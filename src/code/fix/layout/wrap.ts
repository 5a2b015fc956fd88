import { partsOfLine, type BracketPair, type LineParts } from './brackets';

const step = '    ';

/** A call, and a name, a return or an argument that it is given to. What stands in brackets is left out. */
const call = /^(?:(?:return|yield) |[\w.]+(?:\[\])?(?:: [\w.]+)? ?= ?)?(?:await )?[\w.]+(?:\(\)|\[\])+,?$/;

/** One of two values by a condition. */
const conditional = /^(?:return|[\w.]+(?:\[\])?(?:: [\w.]+)? =) [^=]+ if .+ else [^=]+$/;

/** A line of Python broken as black and ruff break it. The line itself where they would do what is not known here. */
export function wrapped(line: string, width: number): readonly string[] {
  const parts = partsOfLine(line);
  if (parts === null || parts.end <= width) return [line];
  const indentation = /^\s*/.exec(line)?.[0] ?? '';
  const shape = shapeOf(line, parts).trimStart();
  if (call.test(shape)) return brokenCall(line, parts, indentation, width) ?? [line];
  return conditional.test(shape) ? bracketed(line, indentation, width) : [line];
}

/** Inside the last brackets that a first line can end with: all that they hold in one line, else an item a line. */
function brokenCall(line: string, { pairs }: LineParts, indentation: string, width: number): readonly string[] | null {
  const pair = pairs.findLast(({ open, close }) => open < width && line.slice(open + 1, close).trim() !== '');
  if (pair === undefined) return null;
  const inner = indentation + step;
  const head = line.slice(0, pair.open + 1);
  const tail = indentation + line.slice(pair.close);
  const body = inner + line.slice(pair.open + 1, pair.close).trim();
  if (body.length <= width) return [head, body, tail];
  if (pair.commas.length === 0) return brokenList(head, body, tail, width);
  return [head, ...itemsOf(line, pair).flatMap((item) => wrapped(`${inner}${item},`, width)), tail];
}

/** A list that is all that a call is given. */
function brokenList(head: string, list: string, tail: string, width: number): readonly string[] | null {
  const parts = partsOfLine(list);
  if (parts === null || shapeOf(list, parts).trim() !== '[]') return null;
  const broken = brokenCall(list, parts, /^\s*/.exec(list)?.[0] ?? '', width);
  return broken === null ? null : [head, ...broken, tail];
}

/** In brackets of its own. */
function bracketed(line: string, indentation: string, width: number): readonly string[] {
  const [, head = '', value = ''] = /^(\s*(?:return|.+? =) )(.+)$/.exec(line) ?? [];
  const body = indentation + step + value;
  return head === '' || body.length > width ? [line] : [`${head}(`, body, `${indentation})`];
}

/** The line without what stands in its brackets, and without a comment. */
function shapeOf(line: string, { pairs, end }: LineParts): string {
  let [text, at] = ['', 0];
  for (const { open, close } of pairs) {
    text += line.slice(at, open + 1);
    at = close;
  }
  return text + line.slice(at, end);
}

function itemsOf(line: string, { open, close, commas }: BracketPair): readonly string[] {
  return [...commas, close]
    .map((end, index) => line.slice((index === 0 ? open : (commas[index - 1] ?? open)) + 1, end).trim())
    .filter((item) => item !== '');
}
