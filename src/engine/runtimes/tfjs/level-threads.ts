import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { Batches } from '../one-by-one';
import { engineSettings } from '../../protocol/engine-settings';
import type { ModelPayload } from '../../protocol/payload';
import type { WorkerAnswer, WorkerRequest } from './level-messages';

/** Every thread holds the weights of all models that it has open. */
const mostThreads = 8;

/** How many worker threads help: with this one as many as are wanted, else one a core. None where the code is no single bundled file. */
export function helperCount(): number {
  return /\.c?js$/.test(__filename) ? (engineSettings().threads ?? Math.min(mostThreads, availableParallelism())) - 1 : 0;
}

/** Worker threads that have models open too; they end with the last of these. */
export class LevelThreads {
  private readonly threads: readonly LevelThread[];
  private readonly open = new Set<number>();
  private nextModel = 1;

  /** @param file the bundle that serves as worker thread */
  constructor(count: number, file = __filename) {
    this.threads = Array.from({ length: count }, () => new LevelThread(file));
  }

  /** Lets all threads open a model; each helps with it as soon as it is ready. */
  openModel(payload: ModelPayload, plan: MeasurePlan): number {
    const model = this.nextModel++;
    this.open.add(model);
    for (const thread of this.threads) thread.post({ kind: 'open', model, payload, plan });
    return model;
  }

  /** Threads that can run levels of the model by now. */
  readyFor(model: number): readonly LevelThread[] {
    return this.threads.filter((thread) => thread.isReadyFor(model));
  }

  async closeModel(model: number): Promise<void> {
    this.open.delete(model);
    if (this.open.size === 0) await Promise.all(this.threads.map((thread) => thread.end()));
    else for (const thread of this.threads) thread.post({ kind: 'close', model });
  }
}

/** One worker thread; one that fails is done without. */
export class LevelThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (fetches: Batches | undefined) => void>();
  private readonly ready = new Set<number>();
  private nextId = 1;

  constructor(file: string) {
    // What TensorFlow.js prints as it loads is of no use to anybody.
    this.worker = new Worker(file, { stdout: true, stderr: true });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'ready') this.ready.add(answer.model);
      else this.settle(answer.id, answer.kind === 'ran' ? answer.fetches : undefined);
    });
    this.worker.on('error', () => {
      this.fail();
    });
    this.worker.on('exit', () => {
      this.fail();
    });
  }

  isReadyFor(model: number): boolean {
    return this.ready.has(model);
  }

  /** Undefined where the thread could not. */
  run(model: number, level: number, feeds: Batches): Promise<Batches | undefined> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.post({ kind: 'run', id, model, level, feeds });
    });
  }

  post(request: WorkerRequest): void {
    if (request.kind === 'close') this.ready.delete(request.model);
    this.worker.postMessage(request);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(id: number, fetches: Batches | undefined): void {
    this.waiting.get(id)?.(fetches);
    this.waiting.delete(id);
  }

  private fail(): void {
    this.ready.clear();
    for (const id of [...this.waiting.keys()]) this.settle(id, undefined);
  }
}
