import { lintGraph } from '../core/lint/linter';
import { asItIsText, bestWithinText } from '../core/report/advice-text';
import { adviceCsv } from '../core/report/csv';
import type { AdviceReport } from '../core/report/compare-report';
import { percentText, signedText } from '../core/report/figure-text';
import { blurFilterNames } from '../core/rewrite/filters';
import { percent } from '../core/rewrite/price-text';
import { adviseFixes } from '../engine/host/studies/advise';
import { parseWords, printReport, singleFile, UsageError, type Command } from './command';
import { withModel } from './model-file';
import { filterNamed } from './options';
import { imageSizeFor, lintOptions, ProjectConfigFiles } from './project-config-file';
import { variantOptions, variantUsage, withVariants } from './variants';
import { columnWidth, inColumn, printLines } from './print';

/** `shiftlint advise`: what fixing each finding alone gains, per extra multiply-add. */
export const adviseCommand: Command = {
  name: 'advise',
  runsModels: true,
  usage: `advise FILE [--filter ${blurFilterNames.join('|')}] [--within PERCENT] ${variantUsage}`,
  summary:
    'Measures each fix alone and ranks them by gain per extra multiply-add; --within names the best set at a price; --recover ranks by what remains once the weights behind each fix are re-solved.',
  async run(words) {
    const parsed = parseWords(words, { ...variantOptions, filter: { type: 'string' }, within: { type: 'string' } });
    const filter = parsed.text('filter');
    const within = withinOf(parsed.text('within'));
    const file = singleFile(parsed.positionals);
    const options = lintOptions(
      await new ProjectConfigFiles().configFor(file),
      filter === undefined ? {} : { defaultFilter: filterNamed(filter) },
    );
    const report = await withModel(
      file,
      (model) => withVariants(model, parsed, (run) => adviseFixes(run, lintGraph(model, options), options.filter.name, within)),
      await imageSizeFor(file, parsed),
    );
    printReport(parsed, report, adviceCsv, printText);
    return 0;
  },
};

function withinOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^\+?(\d{1,4}(?:\.\d+)?) ?%?$/.exec(text);
  if (match === null) throw new UsageError(`--within takes a percentage of more multiply-adds, such as 10, not "${text}".`);
  return Number(match[1]) / 100;
}

function printText({
  model,
  backend,
  metric,
  filter,
  lastSpatialLayer,
  equivariance,
  consistency,
  fixes,
  refused,
  best,
  notes,
}: AdviceReport): void {
  const longest = columnWidth(
    5,
    fixes.map(({ label }) => label),
  );
  const signed = (value: number | null, digits = 4): string => (value === null ? '-' : signedText(value, digits));
  const withImages = consistency !== null;
  const points = (value: number | null): string => (value === null ? '-' : signed(value * 100, 2));
  const lines = [
    `${model}: ${backend}, metric ${metric}, ${filter}`,
    ...notes.map((note) => `note: ${note}`),
    asItIsText({ lastSpatialLayer, equivariance, consistency }),
    `${'fix alone'.padEnd(longest)}  equivariance  consistency  multiply-adds  gain per +1 %${withImages ? '  same class' : ''}`,
    ...fixes.map(({ label, equivariance: gain, consistency: more, multiplyAddShare, gainPerMultiplyAdd, fidelity }) =>
      [
        inColumn(label, Math.max(longest, 9)),
        signed(gain).padStart(12),
        points(more).padStart(11),
        (multiplyAddShare === null ? '-' : percent(multiplyAddShare)).padStart(13),
        (gainPerMultiplyAdd === null ? '-' : (gainPerMultiplyAdd / 100).toFixed(5)).padStart(13),
        ...(withImages ? [(fidelity === null ? '-' : percentText(fidelity)).padStart(10)] : []),
      ].join('  '),
    ),
    ...(best === null ? [] : [bestWithinText(best)]),
    ...refused.map(({ label, reason }) => `left ${label}: ${reason}`),
  ];
  printLines(lines);
}
