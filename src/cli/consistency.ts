import type { Share } from '../core/consistency/interval';
import { consistencyCsv } from '../core/report/csv';
import { mergeReports, parseConsistencyReport, type ConsistencyReport, type Shard } from '../core/report/consistency-report';
import type { Threshold } from '../core/report/thresholds';
import { percentText } from '../core/report/figure-text';
import { classificationReport } from '../engine/host/studies/consistency';
import { imagesOf } from '../engine/host/studies/image-folder';
import { modelDigest } from '../engine/input/model-digest';
import { parseWords, printReport, reportOptions, reportUsage, UsageError, type Command } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import { readRegularFile } from '../engine/input/regular-file';
import { withModel } from './model-file';
import { pairsOf, preprocessingOf, protocolOf } from './options';
import { printLines } from './print';
import { exitCodeFor, thresholdOptions, thresholdsOf } from './thresholds';
import { imageSizeFor } from './project-config-file';

/** `shiftlint consistency`: how often shifted copies of one image get the same class, over a folder. */
export const consistencyCommand: Command = {
  name: 'consistency',
  runsModels: true,
  usage: `consistency FILE FOLDER [--pairs N] [--seed N] [--protocol circular|deployed] [--preprocessing NAME] [--size HxW] [--labels FILE] [--shard I/N] [--fail-under NUMBER] ${reportUsage}`,
  summary:
    'Classifies randomly shifted images of a folder: consistency with a 95 % interval, invariance, accuracy where classes are known. --fail-under 0.9 exits with 1 where the consistency is below it; accuracy=0.9 and invariance=0.9 likewise.',
  async run(words) {
    const parsed = parseWords(words, {
      ...reportOptions,
      ...thresholdOptions,
      pairs: { type: 'string' },
      seed: { type: 'string' },
      protocol: { type: 'string' },
      preprocessing: { type: 'string' },
      size: { type: 'string' },
      labels: { type: 'string' },
      shard: { type: 'string' },
    });
    const [file, folder, ...others] = parsed.positionals;
    if (file === undefined || folder === undefined || others.length > 0) throw new UsageError('Name a model file and a folder of images.');
    const thresholds = thresholdsOf(parsed);
    const { pairs, seed } = pairsOf(parsed);
    const protocol = protocolOf(parsed);
    const preprocessing = preprocessingOf(parsed);
    const size = await imageSizeFor(file, parsed);
    const shard = shardOf(parsed.text('shard'));
    const labels = parsed.text('labels');
    const images = await imagesOf(folder, labels === undefined ? undefined : { path: labels, bytes: await readRegularFile(labels) }, shard);
    const { model, digest } = await withModel(file, async (opened) => {
      const payload = await opened.payload();
      return { model: payload, digest: await modelDigest(opened) };
    });
    const client = startEngine();
    try {
      const options = {
        pairs,
        seed,
        memoryBudgetBytes,
        ...(protocol && { protocol }),
        ...(preprocessing && { preprocessing }),
        ...(size && { size }),
      };
      const classification = await showingProgress('classifying', (onProgress) =>
        client.call('classify', { model, images, options }, { onProgress }),
      );
      const report = classificationReport({ model: file, digest, pairs, seed }, shard, classification);
      printReport(parsed, report, consistencyCsv, printText);
      return report.images.length > 0 ? exitCodeOf(report, thresholds) : 2;
    } finally {
      client.dispose();
    }
  },
};

/** `shiftlint merge`: joins what `--shard` wrote. */
export const mergeCommand: Command = {
  name: 'merge',
  usage: `merge FILE… [--fail-under NUMBER] ${reportUsage}`,
  summary: 'Joins the JSON of all shards of a folder into exactly what one run over the folder gives.',
  async run(words) {
    const parsed = parseWords(words, { ...reportOptions, ...thresholdOptions });
    const thresholds = thresholdsOf(parsed);
    if (parsed.positionals.length === 0) throw new UsageError('Name the files that "consistency --shard I/N --json" wrote.');
    const parts = [];
    for (const file of parsed.positionals)
      parts.push({ file, report: parseConsistencyReport(new TextDecoder().decode(await readRegularFile(file)), file) });
    const report = mergeReports(parts);
    printReport(parsed, report, consistencyCsv, printText);
    return exitCodeOf(report, thresholds);
  },
};

/** The exit code for thresholds, which are about the consistency unless they name another figure. @throws UsageError */
function exitCodeOf({ summary }: ConsistencyReport, thresholds: readonly Threshold[]): number {
  const figures = [
    { names: ['consistency'], label: 'The consistency', value: summary.consistency?.value ?? null },
    { names: ['invariance'], label: 'The invariance', value: summary.invariance },
    { names: ['accuracy'], label: 'The accuracy', value: summary.accuracy?.value ?? null },
  ];
  return exitCodeFor(
    figures,
    thresholds.map(({ name, least }) => ({ name: name ?? 'consistency', least })),
  );
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? Number.NaN)];
  if (!(index < count)) throw new UsageError(`--shard takes I/N with I from 0 to N - 1, not "${text}".`);
  return { index, count };
}

function printText({ settings, notes, shard, summary, images, failed }: ConsistencyReport): void {
  const { model, backend, protocol, input, pairs, seed, largestShift: largest } = settings;
  const part = shard === null ? '' : `, part ${shard.index}/${shard.count}`;
  const lines = [
    `${model}: ${backend}, ${protocol} protocol, ${input.height}x${input.width}${part}`,
    ...notes.map((note) => `note: ${note}`),
    `${images.length} images, ${pairs} pairs of shifts each (up to ${largest.join('x')} px, seed ${seed})`,
    `consistency           ${shareText(summary.consistency)}`,
    `invariance            ${summary.invariance === null ? 'unknown' : summary.invariance.toFixed(4)} (mean cosine of the outputs with the unshifted one)`,
    ...(summary.accuracy === null
      ? []
      : [`accuracy              ${shareText(summary.accuracy)}`, `accuracy over shifts  ${percentText(summary.accuracyOverShifts ?? 0)}`]),
    ...failed.map(({ image, reason }) => `left out ${image}: ${reason}`),
  ];
  printLines(lines);
}

function shareText(share: Share | null): string {
  return share === null ? 'unknown' : `${percentText(share.value)} (95 % interval ${percentText(share.low)} to ${percentText(share.high)})`;
}
