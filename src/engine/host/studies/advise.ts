import { bestWithin, rankGains, type MeasuredGain } from '../../../core/compare/advice';
import { lastSpatial } from '../../../core/compare/counterparts';
import { summarise } from '../../../core/consistency/summary';
import type { AdviceReport } from '../../../core/report/compare-report';
import { fineTuningAdvice, type BlurPlan } from '../../../core/rewrite/plan';
import type { Finding } from '../../../core/rules/finding';
import { asItIs, lastMean, type MeasuredVariant, type VariantRun } from './variants';

interface Candidate {
  readonly plan: BlurPlan;
  readonly multiplyAddShare: number | null;
}

/**
 * Measures each fix alone and ranks them by gain per extra multiply-add.
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
  const refused: { layer: string; reason: string }[] = [];
  const candidates = candidatesOf(findings, refused);
  const [original, ...alone] = await run.measure([
    asItIs,
    ...[...candidates.values()].map(({ plan }) => ({ label: plan.layer, plans: [plan] })),
  ]);
  if (original === undefined) throw new Error('The model as it is was not measured.');
  const base = gainOf(original, original);
  const gains: MeasuredGain[] = [];
  for (const [index, { plan, multiplyAddShare }] of [...candidates.values()].entries()) {
    const variant = alone[index];
    const outcome = variant?.outcomes.find(({ ok }) => !ok);
    if (outcome?.ok === false) refused.push({ layer: outcome.layer, reason: outcome.reason });
    else if (variant !== undefined) gains.push({ layer: plan.layer, multiplyAddShare, ...difference(gainOf(original, variant), base) });
  }
  const chosen = within === undefined ? [] : bestWithin(gains, within);
  const plans = chosen.flatMap(({ layer }) => candidates.get(layer)?.plan ?? []);
  const [together = original] = plans.length === 0 ? [] : await run.measure([{ label: 'the best together', plans }]);
  const reached = gainOf(original, together);
  return {
    model: run.model.source.path,
    backend: original.backend,
    metric: run.metric,
    filter,
    lastSpatialLayer: lastSpatial(original.measurement.heatmaps)?.layer.name ?? null,
    ...base,
    fixes: rankGains(gains),
    refused,
    best:
      within === undefined
        ? null
        : {
            within,
            layers: chosen.map(({ layer }) => layer),
            multiplyAddShare: chosen.reduce((sum, gain) => sum + (gain.multiplyAddShare ?? 0), 0),
            ...reached,
          },
    notes: [...original.measurement.notes, fineTuningAdvice],
  };
}

/** One candidate per plan: the calls of a shared layer are fixed together. */
function candidatesOf(findings: readonly Finding[], refused: { layer: string; reason: string }[]): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const { layer, fix } of findings) {
    if (fix.ok) candidates.set(fix.plan.layer, { plan: fix.plan, multiplyAddShare: fix.price?.multiplyAddShare ?? null });
    else refused.push({ layer, reason: fix.reason });
  }
  return candidates;
}

interface Reached {
  readonly equivariance: number | null;
  readonly consistency: number | null;
}

function gainOf(original: MeasuredVariant, variant: MeasuredVariant): Reached {
  const rows = variant.classification?.rows;
  return {
    equivariance: lastMean(original, variant),
    consistency: rows === undefined ? null : (summarise(rows).consistency?.value ?? null),
  };
}

function difference(after: Reached, before: Reached): Pick<MeasuredGain, 'equivariance' | 'consistency'> {
  return {
    equivariance: (after.equivariance ?? 0) - (before.equivariance ?? 0),
    consistency: after.consistency === null || before.consistency === null ? null : after.consistency - before.consistency,
  };
}
