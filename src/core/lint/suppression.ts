import type { RuleId } from '../rules/registry';

/** Layers that some rules, or all, leave alone. */
export interface LayerSuppression {
  /** Name of a layer; `*` stands for any characters. */
  readonly layers: string;
  /** All rules where absent. */
  readonly rules?: readonly RuleId[];
}

/** True where a suppression names the layer and the rule. */
export function isSuppressed(suppressions: readonly LayerSuppression[], rule: RuleId, layer: string): boolean {
  return suppressions.some(({ layers, rules }) => (rules === undefined || rules.includes(rule)) && matches(layers, layer));
}

/** Compares piece by piece: a pattern with many stars must not cost more than its length times the name's. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let position = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, position);
    if (found === -1 || found + piece.length > name.length - last.length) return false;
    position = found + piece.length;
  }
  return position <= name.length - last.length;
}
