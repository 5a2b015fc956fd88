import { registerDepthwiseGradients } from '../../samples/train/wasm-depthwise';
import { registerFilterGradient } from '../../samples/train/wasm-training';
import { loadTensorFlow } from '../../src/engine/runtimes/tfjs/runtime';
import type { DataSet } from '../data/data-set';
import { loadDataSet } from '../data/load';
import type { Condition, Settings } from '../settings';
import { runCondition, type Run } from '../training/run';

/** What all runs of a study share. */
export interface Task {
  readonly settings: Settings;
  readonly cifarFolder: string | undefined;
}

/** Asks a worker for a run; the task is the same every time. */
export interface RunRequest {
  readonly task: Task;
  readonly condition: Condition;
}

/** A worker's answer. */
export type RunAnswer = { readonly run: Run } | { readonly error: string };

interface Prepared {
  readonly data: DataSet;
  readonly backend: string;
}

/** Makes this process train one network after another, as its parent asks, until the parent lets go. */
export function serveRuns(): void {
  let prepared: Promise<Prepared> | undefined;
  process.on('message', ({ task, condition }: RunRequest) => {
    const answer = (message: RunAnswer): void => void process.send?.(message);
    prepared ??= prepare(task);
    prepared
      .then(({ data, backend }) => runCondition(condition, task.settings, data, backend))
      .then(
        (run) => {
          answer({ run });
        },
        (error: unknown) => {
          answer({ error: error instanceof Error ? error.message : String(error) });
        },
      );
  });
}

async function prepare({ settings, cifarFolder }: Task): Promise<Prepared> {
  const { tf, backend } = await loadTensorFlow();
  if (tf.getBackend() === 'wasm') {
    registerFilterGradient(tf);
    registerDepthwiseGradients(tf);
  }
  return { data: loadDataSet(cifarFolder, settings.trainingImages, settings.testImages), backend };
}
