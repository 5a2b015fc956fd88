import { fork } from 'node:child_process';
import path from 'node:path';
import type { LintedFile } from '../../core/report/lint-report';
import type { LintTarget } from '../code/targets';
import { debugOption, isDebugging } from '../failure';
import type { FromLinter, NumberedTarget, ToLinter } from './messages';
import { unjudged, type LintChoices } from './target';

/** Files that a process is given at a time: neighbours, which import the same modules. */
const batchLength = 8;

/**
 * Judges files by several processes. A process of its own each, not a thread: time and stack that a file may use are counted by process,
 * so that what comes out is the same however many there are.
 *
 * @param onJudged hears of every file that has been judged
 * @returns what each file came to, in the order of the files
 */
export async function lintInProcesses(
  targets: readonly LintTarget[],
  choices: LintChoices,
  processes: number,
  onJudged: () => void,
): Promise<readonly LintedFile[]> {
  const queue = new BatchQueue(targets);
  const results = new Results(onJudged);
  const ends = Array.from({ length: processes }, () => work(queue, choices, results));
  await Promise.all(ends);
  return targets.flatMap((_, number) => results.get(number) ?? []);
}

/** Files that wait to be judged. */
class BatchQueue {
  private readonly waiting: NumberedTarget[];

  constructor(targets: readonly LintTarget[]) {
    this.waiting = targets.map((target, number) => ({ number, target }));
  }

  next(): readonly NumberedTarget[] {
    return this.waiting.splice(0, batchLength);
  }

  /** Takes back what a process that ended has not judged. */
  giveBack(targets: readonly NumberedTarget[]): void {
    this.waiting.unshift(...targets);
  }
}

/** What files came to. */
class Results extends Map<number, readonly LintedFile[]> {
  constructor(private readonly onJudged: () => void) {
    super();
  }

  override set(number: number, files: readonly LintedFile[]): this {
    this.onJudged();
    return super.set(number, files);
  }
}

/** Judges batches by one process after another, as long as there are any: a file that ends its process is that file's error. */
async function work(queue: BatchQueue, choices: LintChoices, results: Results): Promise<void> {
  for (let batch = queue.next(); batch.length > 0; batch = queue.next()) {
    const [culprit, ...others] = await workWithOne(batch, queue, choices, results);
    if (culprit === undefined) return;
    results.set(culprit.number, [endedFile(culprit.target)]);
    queue.giveBack(others);
  }
}

/** Runs one process until nothing waits; what it was given and has not judged when it ends before. */
function workWithOne(
  batch: readonly NumberedTarget[],
  queue: BatchQueue,
  choices: LintChoices,
  results: Results,
): Promise<readonly NumberedTarget[]> {
  return new Promise((resolve, reject) => {
    let given = [...batch];
    const child = fork(path.join(__dirname, 'lint.js'), isDebugging() ? [debugOption] : [], { serialization: 'advanced', execArgv: [] });
    const send = (message: ToLinter): void => {
      // A process that ends meanwhile says so itself.
      child.send(message, () => undefined);
    };
    child.on('message', ({ number, files }: FromLinter) => {
      results.set(number, files);
      given = given.filter((one) => one.number !== number);
      if (given.length > 0) return;
      given = [...queue.next()];
      if (given.length > 0) send({ targets: given });
      else child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', () => {
      resolve(given);
    });
    send({ choices });
    send({ targets: given });
  });
}

function endedFile({ path: file }: LintTarget): LintedFile {
  return unjudged(file, {
    code: 'stopped',
    message: `"${file}" ended the process that judged it, most likely by the memory that it takes.`,
  });
}
