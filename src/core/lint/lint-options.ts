import type { OfferedFilter } from '../rewrite/filters';
import type { PlanOptions } from '../rewrite/plan';
import type { RuleId } from '../rules/registry';
import type { Severity } from '../rules/rule';
import type { LayerSuppression } from './suppression';

/** What the user may change about judging. */
export interface LintOptions {
  /** Severity per rule; rules not named keep their default. */
  readonly severities?: Readonly<Partial<Record<RuleId, Severity | 'off'>>>;
  /** Layers that rules leave alone. */
  readonly ignoreLayers?: readonly LayerSuppression[];
  /** Filter of the offered fixes; Tri-3 where absent. */
  readonly filter?: OfferedFilter;
  /** What else the offered fixes should heed. */
  readonly plan?: PlanOptions;
}
