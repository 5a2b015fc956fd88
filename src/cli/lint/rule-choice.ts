import type { ProjectConfig } from '../../core/config/project-config';
import { ruleIds, rules, type RuleId } from '../../core/rules/registry';
import { UsageError, type ParsedWords } from '../command';

/** Rules that a command line names; plain data. */
export interface RuleChoice {
  /** These alone; null for all. */
  readonly select: readonly RuleId[] | null;
  readonly ignore: readonly RuleId[];
}

export const ruleChoiceUsage = '[--select RULE,…] [--ignore RULE,…]';

/** `--select` and `--ignore`, each with names between commas or given several times. @throws UsageError for a name that no rule has */
export function ruleChoiceOf(parsed: ParsedWords): RuleChoice {
  const select = rulesNamed(parsed, 'select');
  return { select: select.length === 0 ? null : select, ignore: rulesNamed(parsed, 'ignore') };
}

function rulesNamed(parsed: ParsedWords, option: 'select' | 'ignore'): readonly RuleId[] {
  const names = parsed.list(option).flatMap((text) => text.split(',').map((name) => name.trim()));
  return names.map((name) => {
    const rule = ruleIds.find((id) => id === name);
    if (rule === undefined) throw new UsageError(`--${option} takes rules, and there is none "${name}": they are ${ruleIds.join(', ')}.`);
    return rule;
  });
}

/** The severities of a project under a choice: a rule that is off by itself is told of where it is named. */
export function chosenSeverities(severities: ProjectConfig['rules'], { select, ignore }: RuleChoice): ProjectConfig['rules'] {
  if (select === null && ignore.length === 0) return severities;
  return Object.fromEntries(
    ruleIds.map((id) => {
      const severity = severities[id] ?? rules[id].defaultSeverity;
      if (ignore.includes(id) || select?.includes(id) === false) return [id, 'off'];
      return [id, select !== null && severity === 'off' ? 'information' : severity];
    }),
  );
}
