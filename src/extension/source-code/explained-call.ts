import type { CodeFinding } from '../../code/finding';
import type { ExplainedLayer } from '../../core/explain/explained-layer';
import { explainedFinding } from '../../core/explain/found-layer';
import type { BlurFilter } from '../../core/rewrite/filters';

/** A flagged call as the Explain page shows it. @param filter that its fix inserts; undefined where it has none */
export function explainedCall({ rule, callee, kernel, stride }: CodeFinding, filter: BlurFilter | undefined): ExplainedLayer {
  return explainedFinding({ rule, label: callee, kernel, stride, filter });
}
