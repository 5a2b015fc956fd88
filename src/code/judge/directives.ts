import { SourcePlaces } from '../../core/report/lint-report';
import { type RuleId, ruleIds } from '../../core/rules/registry';
import type { CodeFinding } from '../finding';

/**
 * Comments that silence findings, in either language's comment signs:
 * `# shiftlint: disable=rule, rule` on the line of the call, `// shiftlint-disable-next-line rule` on the line above it,
 * `# shiftlint: disable-file=rule` and `/* shiftlint-disable rule *\/` anywhere. Without rules, all of them.
 */
const directive =
  /(?:#|\/\/|\/\*)\s{0,200}shiftlint(?::\s{0,200}disable(-next-line|-file)?(?:\s{0,200}=\s{0,200}([\w, -]{1,1000}?))?|-disable(-next-line|-line)?(?:\s{1,200}([\w, -]{1,1000}?))?)\s{0,200}(?=$|#|\*\/)/gm;

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
  const lines = new SourcePlaces(source);
  const file: Directive[] = [];
  const byLine = new Map<number, Directive[]>();
  for (const one of directivesIn(source, lines)) {
    if (one.reach === 'file') {
      file.push(one);
      continue;
    }
    const line = one.line + (one.reach === 'next-line' ? 1 : 0);
    const known = byLine.get(line);
    if (known === undefined) byLine.set(line, [one]);
    else known.push(one);
  }
  const silenced = silencedRules(file);
  return judged.filter(({ finding }) => {
    if (silenced === null || silenced.has(finding.rule)) return false;
    const here = byLine.get(lines.at(finding.range.start).line) ?? [];
    return !here.some(({ rules }) => rules?.includes(finding.rule) ?? true);
  });
}

/** Rules that are off in the whole file; null for every rule. */
function silencedRules(directives: readonly Directive[]): ReadonlySet<RuleId> | null {
  return directives.some(({ rules }) => rules === null) ? null : new Set(directives.flatMap(({ rules }) => rules ?? []));
}

function directivesIn(source: string, lines: SourcePlaces): readonly Directive[] {
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
    return { reach, line: lines.at(match.index).line, rules: rulesIn(colonRules ?? dashRules) };
  });
}

function rulesIn(text: string | undefined): readonly RuleId[] | null {
  if (text === undefined || text.trim() === '') return null;
  const words = text.split(/[\s,]+/);
  return ruleIds.filter((rule) => words.includes(rule));
}
