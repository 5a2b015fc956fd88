import { fork, type ChildProcess } from 'node:child_process';
import { conditionName, type Condition } from '../settings';
import { StudyError } from '../study-error';
import type { Run } from '../training/run';
import type { RunAnswer, RunRequest, Task } from './worker';

/** The word that makes the study's program a worker. */
export const workerWord = 'worker';

/** A thread each, so that runs side by side do not compete and give the same numbers whatever the machine. */
const oneThread = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' };

/**
 * Runs conditions in so many worker processes, the next one wherever one is free, and hands each run over as it ends.
 *
 * @param program the file that a worker runs
 * @throws StudyError where a run fails; the other workers are ended
 */
export async function runAll(
  program: string,
  task: Task,
  conditions: readonly Condition[],
  workers: number,
  onRun: (run: Run) => void,
): Promise<void> {
  const queue = [...conditions];
  const children = Array.from({ length: Math.min(workers, queue.length) }, () => startWorker(program));
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let condition = queue.shift(); condition !== undefined; condition = queue.shift())
          onRun(await ask(child, { task, condition }));
      }),
    );
  } finally {
    for (const { process } of children) process.kill();
  }
}

interface Worker {
  readonly process: ChildProcess;
  /** The end of what it said, for the case that it dies. */
  readonly lastWords: () => string;
}

function startWorker(program: string): Worker {
  const process_ = fork(program, [workerWord], { env: { ...process.env, ...oneThread }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  process_.stderr?.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-2000);
  });
  return { process: process_, lastWords: () => said.trim() };
}

function ask({ process, lastWords }: Worker, request: RunRequest): Promise<Run> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new StudyError(`The run "${conditionName(request.condition)}" failed: ${reason}`));
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      fail(`its process ended (${code ?? signal ?? 'unknown'}). ${lastWords()}`);
    };
    process.once('exit', onExit);
    process.once('message', (answer) => {
      process.off('exit', onExit);
      const given = answer as RunAnswer;
      if ('run' in given) resolve(given.run);
      else fail(given.error);
    });
    process.send(request);
  });
}
