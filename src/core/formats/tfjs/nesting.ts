/** Deepest nesting that a model's own JSON has reason for: models within models take about ten levels each. */
const deepest = 500;

/**
 * True for a JSON text that is nested deeper than any model. Parsers that give positions recurse, so such a text would
 * overflow their stack; it is refused before they see it.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth++;
      if (depth > deepest) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}
