import { lintGraph } from '../core/lint/linter';
import { compareCsv } from '../core/report/csv';
import { variantTitle, type CompareReport } from '../core/report/compare-report';
import { percentText } from '../core/report/figure-text';
import { blurFilterNames } from '../core/rewrite/filters';
import { priceText } from '../core/rewrite/price-text';
import { compareFilters, comparedFilters } from '../engine/host/studies/compare';
import { parseWords, printReport, singleFile, type Command } from './command';
import { againstOf, againstOptions, exitCodeAgainst } from './against';
import { withModel } from './model-file';
import { layersText } from '../core/report/recovery-report';
import { filterNamed } from './options';
import { imageSizeFor, lintOptions, ProjectConfigFiles } from './project-config-file';
import { variantOptions, variantUsage, withVariants } from './variants';
import { columnWidth, inColumn, printLines } from './print';

/** `shiftlint compare`: the model as it is against itself fixed with one filter or another. */
export const compareCommand: Command = {
  name: 'compare',
  runsModels: true,
  usage: `compare FILE [--filter ${blurFilterNames.join('|')}]… [--against REPORT.json [--tolerance NUMBER]] ${variantUsage}`,
  summary:
    'Measures the model as it is and fixed with each filter, made in memory: equivariance per layer, price; with images consistency and fidelity. --recover adds each fixed model with the weights behind its blurs re-solved; without --images the images that recovery holds out judge. --against holds the model as it is against an earlier report of compare or measure, and exits with 1 where a layer, or the consistency, has lost more than --tolerance (0.01).',
  async run(words) {
    const parsed = parseWords(words, { ...variantOptions, ...againstOptions, filter: { type: 'string', multiple: true } });
    const filters = parsed.list('filter').map(filterNamed);
    const file = singleFile(parsed.positionals);
    const before = await againstOf(parsed);
    const config = await new ProjectConfigFiles().configFor(file);
    const report = await withModel(
      file,
      (model) =>
        withVariants(model, parsed, (run) =>
          compareFilters(run, filters.length === 0 ? comparedFilters : filters, (filter) =>
            lintGraph(model, lintOptions(config, { defaultFilter: filter })),
          ),
        ),
      await imageSizeFor(file, parsed),
    );
    printReport(parsed, report, compareCsv, printText);
    return before === undefined ? 0 : exitCodeAgainst(before, report);
  },
};

function printText({ model, backend, metric, input, layers, variants, refused, notes }: CompareReport): void {
  const width = Math.max(8, ...variants.map((variant) => variantTitle(variant).length));
  const longest = columnWidth(
    22,
    layers.map(({ label }) => label),
  );
  const row = (head: string, cells: readonly string[]): string =>
    `${inColumn(head, longest)}  ${cells.map((cell) => cell.padStart(width)).join('  ')}`;
  const share = (value: number | null | undefined): string => (value === null || value === undefined ? '-' : percentText(value));
  const lines = [
    `${model}: ${backend}, circular protocol, ${input.height}x${input.width}, metric ${metric}`,
    ...notes.map((note) => `note: ${note}`),
    row('mean equivariance', variants.map(variantTitle)),
    ...layers.map(({ label }, index) =>
      row(
        label,
        variants.map(({ means }) => means[index]?.toFixed(4) ?? '-'),
      ),
    ),
    ...(variants.some(({ consistency }) => consistency !== null)
      ? [
          row(
            'consistency',
            variants.map(({ consistency }) => share(consistency?.consistency?.value)),
          ),
          row(
            'invariance',
            variants.map(({ consistency }) => consistency?.invariance?.toFixed(4) ?? '-'),
          ),
          ...(variants.some(({ consistency }) => consistency?.accuracy)
            ? [
                row(
                  'accuracy',
                  variants.map(({ consistency }) => share(consistency?.accuracy?.value)),
                ),
              ]
            : []),
          row(
            'fidelity',
            variants.map((variant) => share(variant.fidelity?.value)),
          ),
        ]
      : []),
    ...variants
      .slice(1)
      .filter(({ recovery }) => recovery === null)
      .map(({ filter, fixed, price }) => `${filter}: ${fixed.length} fixed${price === null ? '' : ` (${priceText(price)})`}`),
    ...variants.flatMap((variant) => (variant.recovery === null ? [] : [`${variantTitle(variant)}: ${layersText(variant.recovery)}`])),
    ...new Set(refused.map(({ label, reason }) => `left ${label}: ${reason}`)),
  ];
  printLines(lines);
}
