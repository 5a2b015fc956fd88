import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { listValue, none, numberValue, unknown, type Value } from '../evaluate/values/value';
import type { SourceRange } from '../finding';

/** A row of a model description: `[from, number, module, args]`. */
export interface DescriptionRow {
  readonly module: string;
  readonly arguments: readonly Value[];
  /** The whole row, brackets included. */
  readonly range: SourceRange;
}

/** The rows of all lists at the top of a description, in their order; none where the text is no YAML. */
export function rowsOf(text: string): readonly DescriptionRow[] {
  const { contents } = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', stringKeys: true });
  if (!isMap(contents)) return [];
  return contents.items.flatMap(({ value }) => (isSeq(value) ? value.items.flatMap((item) => rowOf(item)) : []));
}

function rowOf(item: unknown): readonly DescriptionRow[] {
  if (!isSeq(item) || item.items.length < 4) return [];
  const [, , module, given] = item.items;
  const [start, end] = item.range ?? [];
  if (!isScalar(module) || typeof module.value !== 'string' || !isSeq(given) || start === undefined || end === undefined) return [];
  return [{ module: module.value, arguments: given.items.map((argument) => valueOf(argument as Node)), range: { start, end } }];
}

/** What an argument is: `None` and `nc` are texts to YAML. */
function valueOf(node: Node): Value {
  if (isSeq(node)) return listValue(node.items.map((item) => valueOf(item as Node)));
  if (!isScalar(node)) return unknown;
  const { value } = node;
  if (typeof value === 'number') return numberValue(value, node.range?.[0] ?? -1);
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (value === null || value === 'None') return none;
  return typeof value === 'string' ? { kind: 'string', value } : unknown;
}
