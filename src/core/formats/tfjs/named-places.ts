import { visit } from 'jsonc-parser';
import type { TextRange } from '../format';
import type { JsonPath } from './json';
import { nestsTooDeep } from './json-limits';

/** A `"name": "…"` property in a model's text. */
export interface NamedPlace {
  readonly name: string;
  /** From the key to the end of the value. */
  readonly range: TextRange;
  /** Path of the property. Worked out when asked for, which costs. */
  readonly path: () => JsonPath;
}

/** Shows every `"name": "…"` of a JSON text to a visitor, in order; the text may be damaged. */
export function visitNames(text: string, onName: (place: NamedPlace) => void): void {
  if (nestsTooDeep(text)) return;
  let key: number | undefined;
  visit(text, {
    onObjectProperty: (property, offset) => {
      key = property === 'name' ? offset : undefined;
    },
    onLiteralValue: (...[value, offset, length, , , path]) => {
      const start = key;
      key = undefined;
      if (start === undefined || typeof value !== 'string') return;
      onName({ name: value, range: { offset: start, length: offset + length - start }, path });
    },
  });
}
