import { t } from '@vscode/l10n';
import type { PatchOutcome } from '../formats/format';
import type { BlurPlan } from '../rewrite/plan';
import type { Finding } from '../rules/finding';

/** Which layers to fix; `all` leaves the stem out, as the paper does. */
export type FixRequest = 'all' | { readonly layers: readonly string[] };

/** Plans to apply, and what is left alone with the reason. */
export interface SelectedPlans {
  readonly plans: readonly BlurPlan[];
  readonly refused: readonly Extract<PatchOutcome, { ok: false }>[];
}

/**
 * Chooses among a model's findings. Several calls of a shared layer are one plan.
 * @param askFor how a layer that "fix all" leaves out is fixed all the same, as a sentence
 */
export function selectPlans(
  findings: readonly Finding[],
  request: FixRequest,
  askFor: (layer: string) => string = () => '',
): SelectedPlans {
  const plans = new Map<string, BlurPlan>();
  const refused: Extract<PatchOutcome, { ok: false }>[] = [];
  const refuse = ({ layer, label }: Pick<Finding, 'layer' | 'label'>, reason: string, nodes: readonly string[] = [layer]): void => {
    refused.push({ ok: false, layer, label, reason, nodes });
  };
  const wanted = request === 'all' ? findings : findings.filter(({ layer }) => request.layers.includes(layer));
  for (const layer of request === 'all' ? [] : request.layers) {
    if (wanted.some((finding) => finding.layer === layer)) continue;
    refuse({ layer, label: layer }, t`"${layer}" has no finding, so there is nothing to fix.`);
  }
  for (const finding of wanted) {
    const { label, fix } = finding;
    if (!fix.ok) refuse(finding, fix.reason, fix.nodes);
    else if (request === 'all' && !fix.inFixAll) {
      refuse(
        finding,
        `${t`"${label}" works on the image itself: a blur at full resolution is costly, so it is left to a fix of its own.`} ${askFor(label)}`.trimEnd(),
      );
    } else plans.set(fix.plan.layer, fix.plan);
  }
  return { plans: [...plans.values()], refused };
}
