import { bestWithin, rankGains, type MeasuredGain } from '../core/compare/advice';
import { lastSpatial } from '../core/compare/counterparts';
import { summarise } from '../core/consistency/summary';
import { lintGraph } from '../core/lint/linter';
import type { AdviceReport } from '../core/report/compare-report';
import { blurFilterNames } from '../core/rewrite/filters';
import { fineTuningAdvice, type BlurPlan } from '../core/rewrite/plan';
import { percent } from '../core/rewrite/price-text';
import type { Finding } from '../core/rules/rule';
import { parseWords, printJson, singleFile, UsageError, type Command } from './command';
import { withModel, type OpenedModel } from './model-file';
import { filterNamed, percentText } from './options';
import { lintOptions, ProjectConfigFiles } from './project-config-file';
import { lastMean, VariantRun, variantOptions, variantUsage, type MeasuredVariant } from './variants';

/** `shiftlint advise`: what fixing each finding alone gains, per extra multiply-add. */
export const adviseCommand: Command = {
  name: 'advise',
  usage: `advise FILE [--filter ${blurFilterNames.join('|')}] [--within PERCENT] ${variantUsage}`,
  summary: 'Measures each fix alone and ranks them by gain per extra multiply-add; --within names the best set at a price.',
  async run(words) {
    const parsed = parseWords(words, { ...variantOptions, filter: { type: 'string' }, within: { type: 'string' } });
    const filter = parsed.text('filter');
    const within = withinOf(parsed.text('within'));
    const file = singleFile(parsed.positionals);
    const options = lintOptions(await new ProjectConfigFiles().configFor(file), filter === undefined ? {} : { defaultFilter: filterNamed(filter) });
    const report = await withModel(file, async (model) => {
      const run = await VariantRun.of(model, parsed);
      try {
        return await advise(model, run, lintGraph(model.graph, options), options.filter.name, within);
      } finally {
        run.dispose();
      }
    });
    if (parsed.flag('json')) printJson(report);
    else printText(report);
    return 0;
  },
};

function withinOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^\+?(\d{1,4}(?:\.\d+)?) ?%?$/.exec(text);
  if (match === null) throw new UsageError(`--within takes a percentage of more multiply-adds, such as 10, not "${text}".`);
  return Number(match[1]) / 100;
}

interface Candidate {
  readonly plan: BlurPlan;
  readonly multiplyAddShare: number | null;
}

async function advise({ source }: OpenedModel, run: VariantRun, findings: readonly Finding[], filter: string, within: number | undefined): Promise<AdviceReport> {
  const original = await run.measure([], 'as it is');
  const base = gainOf(original, original);
  const gains: MeasuredGain[] = [];
  const refused: { layer: string; reason: string }[] = [];
  const candidates = candidatesOf(findings, refused);
  for (const { plan, multiplyAddShare } of candidates.values()) {
    const variant = await run.measure([plan], plan.layer);
    const outcome = variant.outcomes.find(({ ok }) => !ok);
    if (outcome?.ok === false) refused.push({ layer: outcome.layer, reason: outcome.reason });
    else gains.push({ layer: plan.layer, multiplyAddShare, ...difference(gainOf(original, variant), base) });
  }
  const chosen = within === undefined ? [] : bestWithin(gains, within);
  const plans = chosen.flatMap(({ layer }) => candidates.get(layer)?.plan ?? []);
  const together = plans.length === 0 ? original : await run.measure(plans, 'the best together');
  const reached = gainOf(original, together);
  return {
    model: source.path,
    backend: original.backend,
    metric: run.metric,
    filter,
    lastSpatialLayer: lastSpatial(original.measurement.heatmaps)?.layer.name ?? null,
    ...base,
    fixes: rankGains(gains),
    refused,
    best: within === undefined ? null : { within, layers: chosen.map(({ layer }) => layer), multiplyAddShare: chosen.reduce((sum, gain) => sum + (gain.multiplyAddShare ?? 0), 0), ...reached },
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
  return { equivariance: lastMean(original, variant), consistency: rows === undefined ? null : (summarise(rows).consistency?.value ?? null) };
}

function difference(after: Reached, before: Reached): Pick<MeasuredGain, 'equivariance' | 'consistency'> {
  return {
    equivariance: (after.equivariance ?? 0) - (before.equivariance ?? 0),
    consistency: after.consistency === null || before.consistency === null ? null : after.consistency - before.consistency,
  };
}

function printText({ model, backend, metric, filter, lastSpatialLayer, equivariance, consistency, fixes, refused, best, notes }: AdviceReport): void {
  const longest = Math.max(5, ...fixes.map(({ layer }) => layer.length));
  const signed = (value: number | null, digits = 4): string => (value === null ? '-' : `${value < 0 ? '' : '+'}${value.toFixed(digits)}`);
  const points = (value: number | null): string => (value === null ? '-' : signed(value * 100, 2));
  const lines = [
    `${model}: ${backend}, metric ${metric}, ${filter}`,
    ...notes.map((note) => `note: ${note}`),
    `as it is: mean equivariance ${equivariance?.toFixed(4) ?? '-'} at ${lastSpatialLayer ?? 'no layer'}${consistency === null ? '' : `, consistency ${percentText(consistency)}`}`,
    `${'fix alone'.padEnd(longest)}  equivariance  consistency  multiply-adds  gain per +1 %`,
    ...fixes.map(({ layer, equivariance: gain, consistency: more, multiplyAddShare, gainPerMultiplyAdd }) =>
      [
        layer.padEnd(Math.max(longest, 9)),
        signed(gain).padStart(12),
        points(more).padStart(11),
        (multiplyAddShare === null ? '-' : percent(multiplyAddShare)).padStart(13),
        (gainPerMultiplyAdd === null ? '-' : (gainPerMultiplyAdd / 100).toFixed(5)).padStart(13),
      ].join('  '),
    ),
    ...(best === null
      ? []
      : [
          best.layers.length === 0
            ? `best within ${percent(best.within)}: nothing`
            : `best within ${percent(best.within)}: ${best.layers.join(', ')} (${percent(best.multiplyAddShare)} multiply-adds); together equivariance ${best.equivariance?.toFixed(4) ?? '-'}${best.consistency === null ? '' : `, consistency ${percentText(best.consistency)}`}`,
        ]),
    ...refused.map(({ layer, reason }) => `left ${layer}: ${reason}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
