import { readdir } from 'node:fs/promises';
import { measureCsv } from '../core/report/csv';
import { deployedReport, type DeployedReport } from '../core/report/deployed-report';
import { isMapFile, measureReport, type MeasureReport } from '../core/report/measure-report';
import { layerFigures } from '../core/report/kept-measurement';
import type { Threshold } from '../core/report/thresholds';
import { percentText } from '../core/report/figure-text';
import { unwritable } from '../engine/output/write-failure';
import type { EngineClient } from '../engine/host/client';
import type { CallRequest } from '../engine/protocol/calls';
import type { DeployedMeasureOptions, WritableMaps } from '../engine/protocol/measuring';
import {
  parseWords,
  printReport,
  reportOptions,
  reportUsage,
  singleFile,
  UsageError,
  wholeNumber,
  type Command,
  type ParsedWords,
} from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import { withModel } from './model-file';
import { inputOf, metricOf, preprocessingOf, protocolOf } from './options';
import { imageSizeFor } from './project-config-file';
import { columnWidth, inColumn, printLine, printLines } from './print';
import { exitCodeFor, thresholdOptions, thresholdsOf } from './thresholds';

/** Classes named in the text; the JSON has them all. */
const shownClasses = 5;

/** `shiftlint measure`: heatmaps of every layer over every shift. */
export const measureCommand: Command = {
  name: 'measure',
  runsModels: true,
  usage: `measure FILE [--input IMAGE|TENSOR.npy] [--metric flat|channel] [--preprocessing NAME] [--size HxW] [--protocol circular|deployed] [--shifts grid|diagonal] [--largest N] [--step N] [--maps DIR [--force]] [--fail-under [LAYER=]NUMBER]… ${reportUsage}`,
  summary:
    'Measures shift-equivariance per layer, over all shifts or, deployed, over some of the model as it is; a .npy input is the input tensor verbatim (float32, batch 1). --fail-under 0.9 exits with 1 where the mean of a layer is below it, LAYER=0.9 where that layer is.',
  async run(words) {
    const parsed = parseWords(words, {
      ...reportOptions,
      ...thresholdOptions,
      input: { type: 'string' },
      metric: { type: 'string' },
      maps: { type: 'string' },
      force: { type: 'boolean' },
      preprocessing: { type: 'string' },
      size: { type: 'string' },
      protocol: { type: 'string' },
      shifts: { type: 'string' },
      largest: { type: 'string' },
      step: { type: 'string' },
    });
    const metric = metricOf(parsed);
    const thresholds = thresholdsOf(parsed);
    const maps = parsed.text('maps');
    const preprocessing = preprocessingOf(parsed);
    const file = singleFile(parsed.positionals);
    const size = await imageSizeFor(file, parsed);
    const model = await withModel(file, (opened) => opened.payload());
    const input = await inputOf(parsed);
    if (maps !== undefined && !parsed.flag('force')) await requireNoMaps(maps);
    const client = startEngine();
    try {
      const options = { metric, memoryBudgetBytes, ...(preprocessing && { preprocessing }), ...(size && { size }) };
      if (protocolOf(parsed) === 'deployed')
        return await measureDeployed(client, { model, input, options: { ...options, ...deployedWords(parsed) } }, parsed, thresholds);
      const { backend, measurement } = await showingProgress('measuring', (onProgress) =>
        client.call('measure', { model, input, options }, { onProgress }),
      );
      const files = await writeMaps(client, measurement, parsed);
      const report = measureReport(model.path, backend, measurement, files);
      printReport(parsed, report, measureCsv, printText);
      return exitCodeFor(layerFigures(report.layers), thresholds);
    } finally {
      client.dispose();
    }
  },
};

function deployedWords(parsed: ParsedWords): Pick<DeployedMeasureOptions, 'pattern' | 'largest' | 'step'> {
  const pattern = parsed.text('shifts') ?? 'grid';
  if (pattern !== 'grid' && pattern !== 'diagonal') throw new UsageError(`--shifts takes grid or diagonal, not "${pattern}".`);
  return {
    pattern,
    ...(parsed.text('largest') !== undefined && { largest: wholeNumber(parsed, 'largest', 0, 1) }),
    ...(parsed.text('step') !== undefined && { step: wholeNumber(parsed, 'step', 1, 1) }),
  };
}

async function measureDeployed(
  client: EngineClient,
  request: CallRequest<'measure-deployed'>,
  parsed: ParsedWords,
  thresholds: readonly Threshold[],
): Promise<number> {
  const { backend, measurement, notes } = await showingProgress('measuring', (onProgress) =>
    client.call('measure-deployed', request, { onProgress }),
  );
  const files = await writeMaps(client, measurement, parsed);
  const report = deployedReport(request.model.path, backend, measurement, notes, files);
  printReport(parsed, report, measureCsv, printDeployed);
  return exitCodeFor(layerFigures(report.layers), thresholds);
}

/** Writes the maps where that is asked for; the files written. @throws EngineError */
async function writeMaps(client: EngineClient, maps: WritableMaps, parsed: ParsedWords): Promise<readonly string[] | undefined> {
  const folder = parsed.text('maps');
  return folder === undefined ? undefined : client.call('write-maps', { folder, maps, mayReplace: parsed.flag('force') });
}

/** Says before anything is measured that maps would be replaced. @throws ModelError `unwritable` */
async function requireNoMaps(folder: string): Promise<void> {
  const present = (await readdir(folder).catch((): string[] => [])).find(isMapFile);
  if (present !== undefined)
    throw unwritable(folder, `it holds maps already, such as "${present}". Name another folder, or replace them by --force`);
}

function printDeployed({ model, backend, input, metric, shifts, layers, omitted, notes, files = [] }: DeployedReport): void {
  const longest = columnWidth(
    5,
    layers.map(({ label }) => label),
  );
  const lines = [
    `${model}: ${backend}, deployed protocol, ${input.height}x${input.width}, metric ${metric}`,
    ...notes.map((note) => `note: ${note}`),
    `${shifts.rows * shifts.columns} shifts on a ${shifts.pattern}, every ${shifts.step} px up to ${shifts.largest.join('x')} px`,
    `${'layer'.padEnd(longest)}    mean   worst`,
    ...layers.map(({ label, mean, min }) => `${inColumn(label, longest)}  ${mean.toFixed(4)}  ${min.toFixed(4)}`),
    ...omitted.map(({ label, reason }) => `left out ${label}: ${reason}`),
    ...files.map((file) => `wrote ${file}`),
  ];
  printLines(lines);
}

function printText(report: MeasureReport): void {
  const { height, width } = report.input;
  printLine(`${report.model}: ${report.backend}, circular protocol, ${height}x${width}, metric ${report.metric}`);
  for (const note of report.notes) printLine(`note: ${note}`);
  const longest = columnWidth(
    5,
    report.layers.map(({ label }) => label),
  );
  printLine(`${'layer'.padEnd(longest)}    mean   worst  repeats`);
  for (const { label, mean, min, period, step } of report.layers) {
    printLine(
      `${inColumn(label, longest)}  ${mean.toFixed(4)}  ${min.toFixed(4)}  ${step[0] > 1 ? `run every ${step.join('x')} px` : `${period.join('x')} px`}`,
    );
  }
  const { classes } = report.output;
  if (classes !== undefined) {
    const shares = classes.shares.slice(0, shownClasses).map(({ label, share }) => `${label} at ${percentText(share)}`);
    const more = classes.shares.length - shares.length;
    printLine(`class ${classes.unshifted} unshifted; over all shifts ${shares.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
  }
  for (const { label, reason } of report.omitted) printLine(`left out ${label}: ${reason}`);
  printLines((report.files ?? []).map((file) => `wrote ${file}`));
}
