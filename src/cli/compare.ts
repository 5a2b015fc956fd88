import { counterparts } from '../core/compare/counterparts';
import { fidelity, summarise } from '../core/consistency/summary';
import { lintGraph } from '../core/lint/linter';
import { selectPlans } from '../core/lint/select-plans';
import { totalPrice } from '../core/lint/total-price';
import type { CompareReport, ComparedVariant } from '../core/report/compare-report';
import { blurFilterNames, type BlurFilterName } from '../core/rewrite/filters';
import { fineTuningAdvice } from '../core/rewrite/plan';
import { priceText } from '../core/rewrite/price-text';
import { parseWords, printJson, singleFile, type Command } from './command';
import { withModel, type OpenedModel } from './model-file';
import { filterNamed, percentText } from './options';
import { lintOptions, ProjectConfigFiles } from './project-config-file';
import { VariantRun, variantOptions, variantUsage, type MeasuredVariant } from './variants';

const defaultFilters: readonly BlurFilterName[] = ['rect-2', 'tri-3', 'bin-5'];

/** `shiftlint compare`: the model as it is against itself fixed with one filter or another. */
export const compareCommand: Command = {
  name: 'compare',
  usage: `compare FILE [--filter ${blurFilterNames.join('|')}]… ${variantUsage}`,
  summary: 'Measures the model as it is and fixed with each filter, made in memory: equivariance per layer, price; with images consistency and fidelity.',
  async run(words) {
    const parsed = parseWords(words, { ...variantOptions, filter: { type: 'string', multiple: true } });
    const filters = parsed.list('filter').map(filterNamed);
    const file = singleFile(parsed.positionals);
    const config = await new ProjectConfigFiles().configFor(file);
    const report = await withModel(file, async (model) => {
      const run = await VariantRun.of(model, parsed);
      try {
        const original = await run.measure([], 'as it is');
        const fixed = [];
        for (const filter of filters.length === 0 ? defaultFilters : filters) {
          const findings = lintGraph(model.graph, lintOptions(config, { defaultFilter: filter }));
          const { plans, refused } = selectPlans(findings, 'all');
          const variant = plans.length === 0 ? { ...original, outcomes: [] } : await run.measure(plans, filter);
          const outcomes = [...variant.outcomes, ...refused];
          fixed.push({ filter, outcomes, compared: compared(filter, original, variant, totalPrice(findings, outcomes) ?? null) });
        }
        return compareReport(model, run, original, fixed);
      } finally {
        run.dispose();
      }
    });
    if (parsed.flag('json')) printJson(report);
    else printText(report);
    return 0;
  },
};

function compared(filter: string, original: MeasuredVariant, variant: MeasuredVariant, price: ComparedVariant['price']): ComparedVariant {
  const rows = variant.classification?.rows;
  return {
    filter,
    fixed: variant.outcomes.flatMap((outcome) => (outcome.ok ? [outcome.layer] : [])),
    price,
    means: counterparts(original.measurement, original.graph, variant.measurement, variant.graph).map((heatmap) => heatmap?.mean ?? null),
    consistency: rows === undefined ? null : summarise(rows),
    fidelity: rows === undefined ? null : fidelity(original.classification?.rows ?? [], rows),
  };
}

type Fixed = { readonly filter: string; readonly outcomes: MeasuredVariant['outcomes']; readonly compared: ComparedVariant };

function compareReport({ source }: OpenedModel, run: VariantRun, original: MeasuredVariant, fixed: readonly Fixed[]): CompareReport {
  const { measurement, backend } = original;
  const noPrice = { multiplyAdds: 0, multiplyAddShare: 0, activationValues: 0, activationShare: 0 };
  return {
    model: source.path,
    backend,
    metric: run.metric,
    input: { height: measurement.size[0], width: measurement.size[1] },
    preprocessing: run.preprocessing,
    layers: measurement.heatmaps.map(({ layer }) => layer.name),
    variants: [compared('none', original, original, noPrice), ...fixed.map((variant) => variant.compared)],
    refused: fixed.flatMap(({ filter, outcomes }) => outcomes.flatMap((outcome) => (outcome.ok ? [] : [{ filter, layer: outcome.layer, reason: outcome.reason }]))),
    notes: [...measurement.notes, ...(fixed.some((variant) => variant.compared.fixed.length > 0) ? [fineTuningAdvice] : [])],
  };
}

function printText({ model, backend, metric, input, layers, variants, refused, notes }: CompareReport): void {
  const width = Math.max(8, ...variants.map(({ filter }) => filter.length));
  const longest = Math.max(22, ...layers.map((name) => name.length));
  const row = (head: string, cells: readonly string[]): string => `${head.padEnd(longest)}  ${cells.map((cell) => cell.padStart(width)).join('  ')}`;
  const share = (value: number | null | undefined): string => (value === null || value === undefined ? '-' : percentText(value));
  const lines = [
    `${model}: ${backend}, circular protocol, ${input.height}x${input.width}, metric ${metric}`,
    ...notes.map((note) => `note: ${note}`),
    row('mean equivariance', variants.map(({ filter }) => filter)),
    ...layers.map((name, index) => row(name, variants.map(({ means }) => means[index]?.toFixed(4) ?? '-'))),
    ...(variants.some(({ consistency }) => consistency !== null)
      ? [
          row('consistency', variants.map(({ consistency }) => share(consistency?.consistency?.value))),
          row('invariance', variants.map(({ consistency }) => consistency?.invariance?.toFixed(4) ?? '-')),
          ...(variants.some(({ consistency }) => consistency?.accuracy) ? [row('accuracy', variants.map(({ consistency }) => share(consistency?.accuracy?.value)))] : []),
          row('fidelity', variants.map((variant) => share(variant.fidelity?.value))),
        ]
      : []),
    ...variants.slice(1).map(({ filter, fixed, price }) => `${filter}: ${fixed.length} fixed${price === null ? '' : ` (${priceText(price)})`}`),
    ...new Set(refused.map(({ layer, reason }) => `left ${layer}: ${reason}`)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
