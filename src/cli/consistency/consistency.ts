import { parseLabels } from '../../core/consistency/labels';
import type { AxisPair } from '../../core/graph/model-graph';
import type { Shard } from '../../core/report/consistency-report';
import { openImageList, type ImageSource } from '../../engine/host/image-lists/image-list';
import { GrowingReport } from '../../engine/host/image-lists/growing-report';
import { modelDigest } from '../../engine/input/model-digest';
import { readRegularFile } from '../../engine/input/regular-file';
import type { ClassifyOptions } from '../../engine/protocol/classifying';
import { parseWords, reportOptions, reportUsage, UsageError, type Command, type ParsedWords } from '../command';
import { memoryBudgetBytes } from '../engine';
import { withModel } from '../model-file';
import { pairsOf, preprocessingOf, protocolOf } from '../options';
import { printNotes } from '../print';
import { imageSizeFor } from '../project-config-file';
import { thresholdOptions, thresholdsOf } from '../thresholds';
import { classifyList, type ListToClassify } from './classify-list';
import { finishedReport, runDigest, writeReport } from './finished-report';
import { listNamed } from './image-list-file';
import { exitCodeOf, printStored } from './print-stored';

/** `shiftlint consistency`: how often shifted copies of one image get the same class, over a folder. */
export const consistencyCommand: Command = {
  name: 'consistency',
  runsModels: true,
  usage: `consistency FILE FOLDER [--image-list FILE|-] [--pairs N] [--seed N] [--protocol circular|deployed] [--preprocessing NAME] [--size HxW] [--labels FILE] [--shard I/N] [-o OUT] [--fail-under NUMBER] ${reportUsage}`,
  summary:
    'Classifies randomly shifted images of a folder: consistency with a 95 % interval, invariance, accuracy where classes are known. --image-list takes those that a file or standard input names, a line each, instead of all. --shard takes part I of N, counted from 0. -o writes the JSON to a file, whole or not at all; where the file is finished already, of the same model, images and settings, nothing is run. --fail-under 0.9 exits with 1 where the consistency is below it; accuracy=0.9 and invariance=0.9 likewise.',
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
      'image-list': { type: 'string' },
      output: { type: 'string', short: 'o' },
    });
    const [file, folder, ...others] = parsed.positionals;
    if (file === undefined || folder === undefined || others.length > 0) throw new UsageError('Name a model file and a folder of images.');
    const thresholds = thresholdsOf(parsed);
    const output = parsed.text('output');
    if (output === '') throw new UsageError('-o takes the name of a file.');
    const wanted = await wantedOf(parsed, file, folder);
    const list = await openImageList(wanted.source, wanted.shard);
    const rows = new GrowingReport();
    try {
      const model = await withModel(file, async (opened) => ({ sent: await opened.payload(), digest: await modelDigest(opened) }));
      const asked: ListToClassify = { ...wanted, file, list, model: model.sent, digest: model.digest };
      const run = runDigest(asked);
      const finished = output === undefined ? undefined : await finishedReport(output, run, wanted.shard);
      if (finished !== undefined)
        printNotes([`"${output ?? ''}" is finished already, of the same model, images and settings: nothing was run.`]);
      const report = finished ?? (await classifyList(asked, run, rows));
      if (output !== undefined && finished === undefined) await writeReport(output, report);
      await printStored(parsed, report);
      return report.summary.images > 0 || list.count === 0 ? exitCodeOf(report, thresholds) : 2;
    } finally {
      await rows.dispose();
      await list.dispose();
    }
  },
};

/** What the words ask for. @throws UsageError, ModelError */
async function wantedOf(parsed: ParsedWords, file: string, folder: string) {
  const protocol = protocolOf(parsed);
  const preprocessing = preprocessingOf(parsed);
  const shard = shardOf(parsed.text('shard'));
  const size: AxisPair | undefined = await imageSizeFor(file, parsed);
  const options: ClassifyOptions = {
    ...pairsOf(parsed),
    memoryBudgetBytes,
    ...(protocol && { protocol }),
    ...(preprocessing && { preprocessing }),
    ...(size && { size }),
  };
  return { shard, options, source: await sourceOf(parsed, folder) };
}

async function sourceOf(parsed: ParsedWords, folder: string): Promise<ImageSource> {
  const [labels, list] = [parsed.text('labels'), parsed.text('image-list')];
  const bytes = labels === undefined ? undefined : await readRegularFile(labels);
  return {
    folder,
    ...(list !== undefined && { list: listNamed(list) }),
    ...(labels !== undefined && { labels: { path: labels, byImage: parseLabels(new TextDecoder().decode(bytes), labels) } }),
  };
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? Number.NaN)];
  if (!(index < count)) throw new UsageError(`--shard takes I/N with I from 0 to N - 1, not "${text}".`);
  return { index, count };
}
