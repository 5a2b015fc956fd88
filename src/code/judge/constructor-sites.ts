import { t } from '@vscode/l10n';
import type { RuleId } from '../../core/rules/registry';
import type { LayerSite } from '../evaluate/sites/site';
import type { JudgedSite } from './judge';

/** A call that builds a layer whose stride another file gives, and the rule that the layer breaks there. */
export interface Constructor {
  readonly rule: RuleId;
  /** Offset at which the call begins. */
  readonly start: number;
}

/** The layers of a document that other files call with a stride, unless it is judged for itself. */
export function constructorSites(
  sites: readonly (readonly LayerSite[])[],
  judged: readonly JudgedSite[],
  constructors: readonly Constructor[],
): readonly JudgedSite[] {
  return constructors.flatMap(({ rule, start }) => {
    if (judged.some(({ site }) => site.builtAt === null && site.range.start === start)) return [];
    const site = sites.flat().find(({ builtAt, range }) => builtAt === null && range.start === start);
    return site === undefined ? [] : [{ site, finding: findingAt(site, rule) }];
  });
}

function findingAt(site: LayerSite, rule: RuleId): JudgedSite['finding'] {
  const { range, framework, callee, kernel } = site;
  const stride = Array.from({ length: Math.max(1, kernel.length) }, () => null);
  const message = t`${callee} gets its stride from another file.`;
  return { rule, severity: 'information', message, range, framework, callee, stride, kernel, related: [], builtAt: [] };
}
