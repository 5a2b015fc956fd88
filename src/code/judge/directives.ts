import { type RuleId, ruleIds } from '../../core/rules/registry';
import type { CodeFinding } from '../finding';

/**
 * Comments that silence findings, in either language's comment signs:
 * `# shiftlint: disable=rule, rule` on the line of the call, `// shiftlint-disable-next-line rule` on the line above it,
 * `# shiftlint: disable-file=rule` and `/* shiftlint-disable rule *\/` anywhere. Without rules, all of them.
 */
const directive =
  /(?:#|\/\/|\/\*)\s*shiftlint(?::\s*disable(-next-line|-file)?(?:\s*=\s*([\w, -]+?))?|-disable(-next-line|-line)?(?:\s+([\w, -]+?))?)\s*(?=$|#|\*\/)/gm;

type Reach = 'line' | 'next-line' | 'file';

interface Directive {
  readonly reach: Reach;
  readonly line: number;
  /** Null for every rule. */
  readonly rules: readonly RuleId[] | null;
}

/** The findings that no comment silences. */
export function withoutSuppressed<T extends { readonly finding: CodeFinding }>(judged: readonly T[], source: string): readonly T[] {
  if (judged.length === 0 || !source.includes('shiftlint')) return judged;
  const directives = directivesIn(source);
  return judged.filter(({ finding }) => {
    const line = lineAt(source, finding.range.start);
    return !directives.some((one) => reaches(one, line) && (one.rules?.includes(finding.rule) ?? true));
  });
}

function reaches({ reach, line }: Directive, target: number): boolean {
  return reach === 'file' || line + (reach === 'next-line' ? 1 : 0) === target;
}

function directivesIn(source: string): readonly Directive[] {
  return [...source.matchAll(directive)].map((match) => {
    const [, colonReach, colonRules, dashReach, dashRules] = match;
    const isDash = match[0].includes('shiftlint-disable');
    const reach: Reach = isDash
      ? dashReach === '-next-line'
        ? 'next-line'
        : dashReach === '-line'
          ? 'line'
          : 'file'
      : colonReach === '-next-line'
        ? 'next-line'
        : colonReach === '-file'
          ? 'file'
          : 'line';
    return { reach, line: lineAt(source, match.index), rules: rulesIn(colonRules ?? dashRules) };
  });
}

function rulesIn(text: string | undefined): readonly RuleId[] | null {
  if (text === undefined || text.trim() === '') return null;
  const words = text.split(/[\s,]+/);
  return ruleIds.filter((rule) => words.includes(rule));
}

/** Number of the line that an offset lies on, from 0. */
export function lineAt(source: string, offset: number): number {
  let line = 0;
  for (let at = source.indexOf('\n'); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}
