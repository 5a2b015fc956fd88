import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { TextEdit } from '../format';
import type { JsonPath } from './json';
import { printJson, styleAround } from './json-style';

/** A JSON text with the positions of its values, for edits in place. */
export class JsonDocument {
  private readonly root: Node | undefined;

  constructor(private readonly text: string) {
    this.root = parseTree(text);
  }

  /** Number of entries of an array, 0 where there is none. */
  length(path: JsonPath): number {
    return this.node(path)?.children?.length ?? 0;
  }

  has(path: JsonPath): boolean {
    return this.node(path) !== undefined;
  }

  /** Replaces a value by another printed on one line. */
  replace(path: JsonPath, value: unknown): TextEdit {
    const { offset, length } = this.existing(path);
    return { offset, length, text: printJson(value, { ...styleAround(this.text, offset), lineStart: '' }) };
  }

  /** Sets numbers in place: the digits change; brackets, spaces and quotes around numbers stay. Other values are replaced. */
  replaceNumbers(path: JsonPath, values: readonly number[]): readonly TextEdit[] {
    const node = this.existing(path);
    const { children } = node;
    if (children?.length !== values.length) return [this.replace(path, values)];
    return children.map(({ offset, length, type }, index) => ({
      offset,
      length,
      text: type === 'string' ? `"${values[index]}"` : String(values[index]),
    }));
  }

  /** Adds a property at the end of an object. */
  addProperty(path: JsonPath, key: string, value: unknown): TextEdit {
    const last = this.existing(path).children?.at(-1);
    const offset = last === undefined ? this.existing(path).offset + 1 : last.offset + last.length;
    const style = styleAround(this.text, last?.offset ?? offset);
    const property = `${JSON.stringify(key)}:${style.afterColon}${printJson(value, { ...style, lineStart: '' })}`;
    const separator = style.lineStart === '' ? `,${style.afterComma}` : `,${style.lineStart}`;
    return { offset, length: 0, text: last === undefined ? property : `${separator}${property}` };
  }

  /** Inserts entries into an array behind entry `index`; in front of the first for -1. The array must have entries. */
  insertAfter(path: JsonPath, index: number, values: readonly unknown[]): TextEdit {
    const neighbour = this.existing([...path, Math.max(index, 0)]);
    const style = styleAround(this.text, neighbour.offset);
    const separator = style.lineStart === '' ? `,${style.afterComma}` : `,${style.lineStart}`;
    const printed = values.map((value) => printJson(value, style));
    return index < 0
      ? { offset: neighbour.offset, length: 0, text: printed.map((entry) => `${entry}${separator}`).join('') }
      : { offset: neighbour.offset + neighbour.length, length: 0, text: printed.map((entry) => `${separator}${entry}`).join('') };
  }

  /** Puts values where one array entry stood, laid out like insertions behind it. */
  replaceEntry(path: JsonPath, index: number, values: readonly unknown[]): TextEdit {
    const { offset, length } = this.existing([...path, index]);
    const { text } = this.insertAfter(path, index, values);
    return { offset, length, text: text.slice(text.indexOf('{')) };
  }

  private node(path: JsonPath): Node | undefined {
    return this.root && findNodeAtLocation(this.root, [...path]);
  }

  private existing(path: JsonPath): Node {
    const node = this.node(path);
    if (node === undefined) throw new Error(`The document has no value at ${path.join('.')}.`);
    return node;
  }
}
