import path from 'node:path';
import { ModelError } from '../src/core/model-error';
import { loadDataSet } from './data/load';
import { parseOptions, type Options } from './options';
import { writeReport } from './report/write';
import { runAll, workerWord } from './runs/pool';
import { missingConditions, resumedRecord, saveRecord, withRun } from './runs/record';
import { serveRuns } from './runs/worker';
import { conditionName, digestsOf } from './settings';
import { StudyError } from './study-error';

/** The paper's CIFAR-10 comparison in the small: see docs/study.md. */
async function main(words: readonly string[]): Promise<void> {
  if (words[0] === workerWord) serveRuns();
  else await study(parseOptions(words));
}

async function study({ settings, cifarFolder, workers, out }: Options): Promise<void> {
  const digests = digestsOf(settings, loadDataSet(cifarFolder, settings.trainingImages, settings.testImages));
  const file = path.join(out, 'study.json');
  let record = resumedRecord(file, digests, settings);
  const missing = missingConditions(record);
  const total = record.runs.length + missing.length;
  console.log(`${total} networks, ${missing.length} of them to train, ${workers} side by side`);
  await runAll(__filename, { settings, cifarFolder }, missing, workers, (run) => {
    record = withRun(record, run);
    // Saved one by one, so that an interrupted study goes on where it was.
    saveRecord(file, record);
    writeReport(out, record);
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    const figures = `accuracy ${percent(run.accuracy)}, consistency ${percent(run.consistency)}, ${run.seconds.toFixed(0)} s`;
    console.log(`${record.runs.length}/${total} ${conditionName(run)}: ${figures}`);
  });
  writeReport(out, record);
  console.log(`wrote ${path.join(out, 'study.md')}, study.svg and study.json`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof StudyError || error instanceof ModelError)) throw error;
  console.error(`study: ${error.message}`);
  process.exitCode = 2;
});
