import type { OpenedModel } from '../../../core/formats/format';
import type { LintOptions } from '../../../core/lint/lint-options';
import { lintGraph } from '../../../core/lint/linter';
import type { Finding } from '../../../core/rules/finding';

/** The latest judgement of a model: tables ask for it page by page. */
const latest = new WeakMap<OpenedModel, { readonly key: string; readonly findings: readonly Finding[] }>();

/** The findings of a model. */
export function findingsOf(model: OpenedModel, lint: LintOptions): readonly Finding[] {
  const key = JSON.stringify(lint);
  const known = latest.get(model);
  if (known?.key === key) return known.findings;
  const findings = lintGraph(model, lint);
  latest.set(model, { key, findings });
  return findings;
}
