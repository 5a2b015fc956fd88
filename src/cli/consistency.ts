import path from 'node:path';
import { largestShift } from '../core/consistency/shift-pairs';
import type { Share } from '../core/consistency/interval';
import { isPreprocessingName, preprocessingNames, preprocessingNote, type PreprocessingName } from '../core/input/preprocessing';
import { consistencyReport, mergeReports, parseConsistencyReport, type ConsistencyReport, type Shard } from '../core/report/consistency-report';
import { EngineClient } from '../engine/client';
import type { ClassifySettings, EngineEvent, Protocol } from '../engine/protocol';
import { parseWords, printJson, UsageError, wholeNumber, type Command, type ParsedWords } from './command';
import { imagesOf } from './image-folder';
import { modelDigest } from './model-digest';
import { readBytes, withModel } from './model-file';

const defaultPairs = 10;
const memoryBudgetBytes = 1 << 30;

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
    const pairs = wholeNumber(parsed, 'pairs', defaultPairs, 1);
    const seed = wholeNumber(parsed, 'seed', 0, 0);
    const protocol = protocolOf(parsed);
    const preprocessing = preprocessingOf(parsed);
    const shard = shardOf(parsed.text('shard'));
    const images = await imagesOf(folder, parsed.text('labels'), shard);
    const { payload, digest } = await withModel(file, async (model) => ({ payload: await model.payload(), digest: await modelDigest(model) }));
    const client = new EngineClient({ modulePath: path.join(__dirname, 'engine.js') });
    try {
      const options = { pairs, seed, memoryBudgetBytes, ...(protocol && { protocol }), ...(preprocessing && { preprocessing }) };
      const { settings, rows, failed } = await client.classify(payload, images, options, { onEvent: showProgress });
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

/** @throws UsageError for a name that is no protocol's */
export function protocolOf(parsed: ParsedWords): Protocol | undefined {
  const protocol = parsed.text('protocol');
  if (protocol === undefined || protocol === 'circular' || protocol === 'deployed') return protocol;
  throw new UsageError(`--protocol takes circular or deployed, not "${protocol}".`);
}

/** @throws UsageError for a name that is no preset's */
export function preprocessingOf(parsed: ParsedWords): PreprocessingName | undefined {
  const name = parsed.text('preprocessing');
  if (name === undefined || isPreprocessingName(name)) return name;
  throw new UsageError(`--preprocessing takes ${preprocessingNames.join(', ')}, not "${name}".`);
}

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

/** A line that rewrites itself on a terminal; silent where standard error is a file. */
function showProgress(event: EngineEvent): void {
  if (!process.stderr.isTTY) return;
  if (event.kind === 'progress') process.stderr.write(`\rclassifying ${Math.round(event.done * 100)} %`);
  if (event.kind === 'classified') process.stderr.write('\r\u001b[K');
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
      : [`accuracy              ${shareText(summary.accuracy)}`, `accuracy over shifts  ${percent(summary.accuracyOverShifts ?? 0)}`]),
    ...failed.map(({ image, reason }) => `left out ${image}: ${reason}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function shareText(share: Share | null): string {
  return share === null ? 'unknown' : `${percent(share.value)} (95 % interval ${percent(share.low)} to ${percent(share.high)})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(2)} %`;
}
