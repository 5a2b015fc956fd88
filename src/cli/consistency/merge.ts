import type { ReportPart } from '../../core/report/merge-parts';
import { GrowingReport } from '../../engine/host/image-lists/growing-report';
import { mergeReports } from '../../engine/host/studies/merge';
import { reportInFile } from './report-file';
import { parseWords, reportOptions, reportUsage, UsageError, type Command } from '../command';
import { thresholdOptions, thresholdsOf } from '../thresholds';
import { exitCodeOf, printStored } from './print-stored';

/** `shiftlint merge`: joins what `--shard` wrote. */
export const mergeCommand: Command = {
  name: 'merge',
  usage: `merge FILE… [--fail-under NUMBER] ${reportUsage}`,
  summary:
    'Joins the JSON of all shards of a folder into exactly what one run over the folder gives; refuses parts that are missing, there twice, half written, or of other models, images or settings.',
  async run(words) {
    const parsed = parseWords(words, { ...reportOptions, ...thresholdOptions });
    const thresholds = thresholdsOf(parsed);
    if (parsed.positionals.length === 0) throw new UsageError('Name the files that "consistency --shard I/N" wrote.');
    const parts: ReportPart[] = [];
    for (const file of parsed.positionals) parts.push({ file, report: await reportInFile(file) });
    const joined = new GrowingReport();
    try {
      const report = await mergeReports(parts, joined);
      await printStored(parsed, report);
      return exitCodeOf(report, thresholds);
    } finally {
      await joined.dispose();
    }
  },
};
