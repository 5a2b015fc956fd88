import { modify, parse, type Edit, type ParseError } from 'jsonc-parser';
import type { LayerSuppression } from '../lint/suppression';
import type { RuleId } from '../rules/registry';
import { parseProjectConfig } from './project-config';

/** What a project shall leave alone from now on: a rule at one layer, or everywhere where the layer is null. */
export interface Ignored {
  readonly rule: RuleId;
  readonly layer: string | null;
}

/** Edits of a `shiftlint.json`, none where it says so already; or why it can take none. */
export type Ignoring = { readonly ok: true; readonly edits: readonly Edit[] } | { readonly ok: false; readonly reason: string };

/** Lets a `shiftlint.json` leave something alone; everything else in it stays, comments too. @param text empty for a new file */
export function ignoring(text: string, { rule, layer }: Ignored): Ignoring {
  if (text.trim() === '') return { ok: true, edits: [{ offset: 0, length: text.length, content: newFile({ rule, layer }) }] };
  const errors: ParseError[] = [];
  const root: unknown = parse(text, errors, { allowTrailingComma: true });
  const { config, problems, invalid } = parseProjectConfig(text);
  if (errors.length > 0 || typeof root !== 'object' || root === null || Array.isArray(root))
    return { ok: false, reason: problems.join(' ') };
  const key = layer === null ? 'rules' : 'ignoreLayers';
  const inTheWay = invalid.get(key);
  if (inTheWay !== undefined) return { ok: false, reason: inTheWay };
  if (layer === null) return { ok: true, edits: config.rules[rule] === 'off' ? [] : edited(text, ['rules', rule], 'off', false) };
  const entries = config.ignoreLayers;
  if (entries.some((entry) => entry.layers === layer && (entry.rules?.includes(rule) ?? true))) return { ok: true, edits: [] };
  const known = entries.findIndex((entry) => entry.layers === layer);
  const rules = entries[known]?.rules;
  if (rules !== undefined) return { ok: true, edits: edited(text, ['ignoreLayers', known, 'rules', rules.length], rule, true) };
  const isFirst = !Object.hasOwn(root, 'ignoreLayers');
  const entry: LayerSuppression = { layers: layer, rules: [rule] };
  return { ok: true, edits: isFirst ? edited(text, [key], [entry], false) : edited(text, [key, entries.length], entry, true) };
}

function newFile({ rule, layer }: Ignored): string {
  const config = layer === null ? { rules: { [rule]: 'off' } } : { ignoreLayers: [{ layers: layer, rules: [rule] }] };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** As the file is written: with its line ends, and its own indentation. */
function edited(text: string, path: readonly (string | number)[], value: unknown, isArrayInsertion: boolean): readonly Edit[] {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return modify(text, [...path], value, { formattingOptions, isArrayInsertion });
}
