import { t } from '@vscode/l10n';
import { bestWithin, rankGains, type MeasuredGain } from '../../../core/compare/advice';
import { lastSpatial } from '../../../core/compare/counterparts';
import { fidelity, summarise } from '../../../core/consistency/summary';
import { namesOf, type NamedLayer } from '../../../core/graph/layer-labels';
import type { AdviceReport, RefusedFix } from '../../../core/report/compare-report';
import { fineTuningAdvice, type BlurPlan } from '../../../core/rewrite/plan';
import type { Finding } from '../../../core/rules/finding';
import type { RecoveryReport } from '../../../core/report/recovery-report';
import type { VariantSpec } from '../../protocol/variants';
import { recoverVariants, recoveryNotes } from './recovered-variants';
import { asItIs, lastMean, type MeasuredVariant, type VariantRun } from './variants';

interface Candidate {
  readonly names: NamedLayer;
  readonly plan: BlurPlan;
  readonly multiplyAddShare: number | null;
}

/**
 * Measures each fix alone and ranks them by gain per extra multiply-add; where the run recovers, by what is gained once the weights
 * behind the fix have been solved anew.
 * @param findings of the model, with fixes that take `filter`
 * @param within 0.1 for the best set within 10 % more multiply-adds; none is looked for without it
 * @throws ModelError, EngineError
 */
export async function adviseFixes(
  run: VariantRun,
  findings: readonly Finding[],
  filter: string,
  within: number | undefined,
): Promise<AdviceReport> {
  const refused: RefusedFix[] = [];
  const candidates = candidatesOf(findings, refused);
  const { copies, heldOut } = await recoverVariants(
    run,
    [...candidates.values()].map(({ plan, names }): VariantSpec => ({ label: names.label, plans: [plan] })),
  );
  const [original, ...alone] = await run.measure([asItIs, ...copies.map(({ variant }) => variant)], heldOut);
  if (original === undefined) throw new Error('The model as it is was not measured.');
  const base = reachedBy(original, original);
  const gains: AloneGain[] = [];
  for (const [index, { names, multiplyAddShare }] of [...candidates.values()].entries()) {
    const variant = alone[index];
    const outcome = variant?.outcomes.find(({ ok }) => !ok);
    if (outcome?.ok === false) refused.push({ ...names, reason: outcome.reason });
    else if (variant !== undefined) {
      const reached = reachedBy(original, variant);
      const recovery = copies[index]?.recovery ?? null;
      gains.push({ ...names, multiplyAddShare, ...difference(reached, base), fidelity: reached.fidelity, recovery });
    }
  }
  const chosen = within === undefined ? [] : bestWithin(gains, within);
  const plans = chosen.flatMap(({ layer }) => candidates.get(layer)?.plan ?? []);
  const together = within === undefined ? undefined : await reachedTogether(run, original, plans);
  const last = lastSpatial(original.measurement.heatmaps);
  const recoveries = copies.flatMap(({ recovery }) => recovery ?? []);
  return {
    model: run.model.sent.path,
    backend: original.backend,
    metric: run.metric,
    filter,
    lastSpatialLayer: last === undefined ? null : namesOf(last.layer),
    equivariance: base.equivariance,
    consistency: base.consistency,
    fixes: rankGains(gains),
    refused,
    best:
      within === undefined || together === undefined
        ? null
        : {
            within,
            layers: chosen.flatMap(({ layer }) => candidates.get(layer)?.names ?? []),
            multiplyAddShare: chosen.reduce((sum, gain) => sum + (gain.multiplyAddShare ?? 0), 0),
            ...together,
          },
    notes: [...original.measurement.notes, ...(recoveries.length === 0 ? [fineTuningAdvice] : recoveryNotes(recoveries, !run.hasImages))],
  };
}

/** One candidate per plan: the calls of a shared layer are fixed together. */
function candidatesOf(findings: readonly Finding[], refused: RefusedFix[]): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const finding of findings) {
    const { fix } = finding;
    const names = namesOf(finding);
    if (!fix.ok) refused.push({ ...names, reason: fix.reason });
    else if (!candidates.has(fix.plan.layer))
      candidates.set(fix.plan.layer, { names, plan: fix.plan, multiplyAddShare: fix.price?.multiplyAddShare ?? null });
  }
  return candidates;
}

/** What one fix gains, before it is ranked. */
type AloneGain = MeasuredGain & NamedLayer & { readonly fidelity: number | null; readonly recovery: RecoveryReport | null };

interface Reached {
  readonly equivariance: number | null;
  readonly consistency: number | null;
  readonly fidelity: number | null;
}

/** What fixes reach as a whole. */
async function reachedTogether(
  run: VariantRun,
  original: MeasuredVariant,
  plans: readonly BlurPlan[],
): Promise<Reached & { readonly recovery: RecoveryReport | null }> {
  if (plans.length === 0) return { ...reachedBy(original, original), recovery: null };
  const { copies, heldOut } = await recoverVariants(run, [{ label: t('the best together'), plans }]);
  const measured = await run.measure(
    copies.map(({ variant }) => variant),
    heldOut,
  );
  return { ...reachedBy(original, measured[0] ?? original), recovery: copies[0]?.recovery ?? null };
}

function reachedBy(original: MeasuredVariant, variant: MeasuredVariant): Reached {
  const rows = variant.classification?.rows;
  return {
    equivariance: lastMean(original, variant),
    consistency: rows === undefined ? null : (summarise(rows).consistency?.value ?? null),
    fidelity: rows === undefined ? null : (fidelity(original.classification?.rows ?? [], rows)?.value ?? null),
  };
}

function difference(after: Reached, before: Reached): Pick<MeasuredGain, 'equivariance' | 'consistency'> {
  return {
    equivariance: (after.equivariance ?? 0) - (before.equivariance ?? 0),
    consistency: after.consistency === null || before.consistency === null ? null : after.consistency - before.consistency,
  };
}
