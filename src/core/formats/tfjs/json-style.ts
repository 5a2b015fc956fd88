/** How a JSON text is laid out around one of its array elements, so that insertions look as if they had always been there. */
export interface JsonStyle {
  /** Line break with the elements' indentation, empty where everything stands on one line. */
  readonly lineStart: string;
  /** One level of indentation; empty on one line. */
  readonly indent: string;
  readonly afterColon: string;
  readonly afterComma: string;
}

/** Reads the style off the element at `offset` in an array. */
export function styleAround(text: string, offset: number): JsonStyle {
  const before = /(\r?\n)([ \t]*)$/.exec(text.slice(Math.max(0, offset - 200), offset));
  const spaced = /"\s*:\s/.test(text.slice(offset, offset + 500));
  if (before === null) {
    const afterColon = spaced ? ' ' : '';
    return { lineStart: '', indent: '', afterColon, afterComma: afterColon };
  }
  const [, lineBreak = '\n', indentation = ''] = before;
  const inner = /^\{\r?\n([ \t]*)/.exec(text.slice(offset, offset + 200))?.[1];
  const indent = inner?.startsWith(indentation) === true ? inner.slice(indentation.length) : '  ';
  return { lineStart: `${lineBreak}${indentation}`, indent: indent || '  ', afterColon: spaced ? ' ' : '', afterComma: '' };
}

/** Prints a value in a style. Arrays of plain values stay on one line. */
export function printJson(value: unknown, style: JsonStyle, lineStart = style.lineStart): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const plain = Array.isArray(value) && JSON.stringify(value).length < 60;
  const entries = Array.isArray(value)
    ? value.map((entry: unknown) => printJson(entry, style, plain ? '' : inside(style, lineStart)))
    : Object.entries(value).map(
        ([key, entry]) => `${JSON.stringify(key)}:${style.afterColon}${printJson(entry, style, inside(style, lineStart))}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return `${open}${close}`;
  if (lineStart === '' || plain) return `${open}${entries.join(`,${style.afterComma || style.afterColon}`)}${close}`;
  const start = inside(style, lineStart);
  return `${open}${start}${entries.join(`,${start}`)}${lineStart}${close}`;
}

function inside(style: JsonStyle, lineStart: string): string {
  return lineStart === '' ? '' : lineStart + style.indent;
}
