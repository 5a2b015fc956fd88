import { largestShift } from '../core/consistency/shift-pairs';
import type { Share } from '../core/consistency/interval';
import { preprocessingNames, preprocessingNote } from '../core/input/preprocessing';
import { consistencyReport, mergeReports, parseConsistencyReport, type ConsistencyReport, type Shard } from '../core/report/consistency-report';
import type { ClassifySettings } from '../engine/protocol';
import { parseWords, printJson, UsageError, type Command } from './command';
import { memoryBudgetBytes, showProgress, startEngine } from './engine';
import { imagesOf } from './image-folder';
import { modelDigest } from './model-digest';
import { readBytes, withModel } from './model-file';
import { pairsOf, percentText, preprocessingOf, protocolOf } from './options';

/** `shiftlint consistency`: how often shifted copies of one image get the same class, over a folder. */
export const consistencyCommand: Command = {
  name: 'consistency',
  usage: `consistency FILE FOLDER [--pairs N] [--seed N] [--protocol circular|deployed] [--preprocessing ${preprocessingNames.join('|')}] [--labels FILE] [--shard I/N] [--json]`,
  summary: 'Classifies randomly shifted images of a folder: consistency with a 95 % interval, invariance, accuracy where classes are known.',
  async run(words) {
    const parsed = parseWords(words, {
      json: { type: 'boolean' },
      pairs: { type: 'string' },
      seed: { type: 'string' },
      protocol: { type: 'string' },
      preprocessing: { type: 'string' },
      labels: { type: 'string' },
      shard: { type: 'string' },
    });
    const [file, folder, ...others] = parsed.positionals;
    if (file === undefined || folder === undefined || others.length > 0) throw new UsageError('Name a model file and a folder of images.');
    const { pairs, seed } = pairsOf(parsed);
    const protocol = protocolOf(parsed);
    const preprocessing = preprocessingOf(parsed);
    const shard = shardOf(parsed.text('shard'));
    const images = await imagesOf(folder, parsed.text('labels'), shard);
    const { payload, digest } = await withModel(file, async (model) => {
      const read = await model.payload();
      return { payload: read, digest: await modelDigest(model, read.bytes) };
    });
    const client = startEngine();
    try {
      const options = { pairs, seed, memoryBudgetBytes, ...(protocol && { protocol }), ...(preprocessing && { preprocessing }) };
      const { settings, rows, failed } = await client.classify(payload, images, options, { onEvent: showProgress('classifying') });
      const { size } = settings;
      const report = consistencyReport(
        {
          model: file,
          digest,
          backend: settings.backend,
          protocol: settings.protocol,
          input: { height: size[0], width: size[1] },
          preprocessing: settings.preprocessing,
          pairs,
          seed,
          largestShift: largestShift(size),
        },
        notesOf(settings),
        shard,
        rows,
        failed,
      );
      print(report, parsed.flag('json'));
      return rows.length > 0 ? 0 : 2;
    } finally {
      client.dispose();
    }
  },
};

/** `shiftlint merge`: joins what `--shard` wrote. */
export const mergeCommand: Command = {
  name: 'merge',
  usage: 'merge FILE… [--json]',
  summary: 'Joins the JSON of all shards of a folder into exactly what one run over the folder gives.',
  async run(words) {
    const parsed = parseWords(words, { json: { type: 'boolean' } });
    if (parsed.positionals.length === 0) throw new UsageError('Name the files that "consistency --shard I/N --json" wrote.');
    const parts = [];
    for (const file of parsed.positionals) parts.push({ file, report: parseConsistencyReport(new TextDecoder().decode(await readBytes(file)), file) });
    print(mergeReports(parts), parsed.flag('json'));
    return 0;
  },
};

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? Number.NaN)];
  if (!(index < count)) throw new UsageError(`--shard takes I/N with I from 0 to N - 1, not "${text}".`);
  return { index, count };
}

function notesOf({ notes, protocol, protocolReason, preprocessing, preprocessingReason }: ClassifySettings): readonly string[] {
  return [
    ...notes,
    ...(protocolReason === '' ? [] : [`The ${protocol} protocol is used: ${protocolReason}`]),
    ...preprocessingNote({ name: preprocessing, reason: preprocessingReason }),
  ];
}

function print(report: ConsistencyReport, asJson: boolean): void {
  if (asJson) printJson(report);
  else printText(report);
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
  process.stdout.write(`${lines.join('\n')}\n`);
}

function shareText(share: Share | null): string {
  return share === null ? 'unknown' : `${percentText(share.value)} (95 % interval ${percentText(share.low)} to ${percentText(share.high)})`;
}
