import type { PatchOutcome } from '../formats/format';
import type { PlanPrice } from '../rewrite/plan';
import type { Finding } from '../rules/finding';

/** What all applied plans cost together; undefined where the model leaves a size open. */
export function totalPrice(findings: readonly Finding[], outcomes: readonly PatchOutcome[]): PlanPrice | undefined {
  const done = new Set(outcomes.flatMap(({ ok, layer }) => (ok ? [layer] : [])));
  const prices = findings.flatMap(({ fix }) => (fix.ok && done.delete(fix.plan.layer) ? [fix.price] : []));
  return prices.reduce<PlanPrice | undefined>(
    (sum, price) =>
      sum &&
      price && {
        multiplyAdds: sum.multiplyAdds + price.multiplyAdds,
        multiplyAddShare: sum.multiplyAddShare + price.multiplyAddShare,
        activationValues: sum.activationValues + price.activationValues,
        activationShare: sum.activationShare + price.activationShare,
      },
    { multiplyAdds: 0, multiplyAddShare: 0, activationValues: 0, activationShare: 0 },
  );
}
