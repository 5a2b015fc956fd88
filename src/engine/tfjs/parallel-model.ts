import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CircularModel, TensorBatch } from '../../core/equivariance/circular-model';
import type { MeasurePlan } from '../../core/equivariance/measure-plan';
import { batchSize, type Batches } from '../one-by-one';
import type { ModelPayload } from '../protocol';
import type { WorkerAnswer, WorkerOrder, WorkerRequest } from './level-worker';

/** Every thread holds the model's weights. */
const mostThreads = 8;
/** A batch of less work, in multiply-adds, is not worth its way to another thread and back. */
const leastShared = 1e8;

/** How many worker threads help: one a core, this thread being one of them. None where the code does not run as one bundled file. */
export function helperCount(): number {
  return /\.c?js$/.test(__filename) ? Math.min(mostThreads, availableParallelism()) - 1 : 0;
}

/**
 * Shares the images of a batch among worker threads that have the model open too; WASM kernels use one core each. A thread helps
 * as soon as it is ready, and one that fails is done without.
 */
export class ParallelModel implements CircularModel {
  private readonly helpers: Helper[] = [];

  /** @param file the bundle that serves as worker thread */
  constructor(
    private readonly own: CircularModel,
    payload: ModelPayload,
    private readonly plan: MeasurePlan,
    count: number,
    file = __filename,
  ) {
    for (let index = 0; index < count; index++) this.helpers.push(new Helper({ payload, plan }, file));
  }

  /** Threads that help by now. */
  get readyHelpers(): number {
    return this.helpers.filter(({ isReady }) => isReady).length;
  }

  async runLevel(level: number, feeds: Batches): Promise<Batches> {
    const batch = batchSize(feeds);
    const work = (this.plan.levels[level]?.multiplyAdds ?? 0) * batch;
    const helpers = work < leastShared ? [] : this.helpers.filter(({ isReady }) => isReady).slice(0, batch - 1);
    if (helpers.length === 0) return this.own.runLevel(level, feeds);
    const [first = feeds, ...others] = split(feeds, batch, helpers.length + 1);
    const helped = helpers.map((helper, index) => helper.run(level, others[index] ?? feeds));
    const results = [await this.own.runLevel(level, first)];
    for (const [index, part] of others.entries()) results.push((await helped[index]) ?? (await this.own.runLevel(level, part)));
    return join(results);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.helpers.map((helper) => helper.end()));
    await this.own.dispose();
  }
}

/** One worker thread. */
class Helper {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (fetches: Batches | undefined) => void>();
  private nextId = 1;
  private ready = false;

  constructor(order: WorkerOrder, file: string) {
    // What TensorFlow.js prints as it loads is of no use to anybody.
    this.worker = new Worker(file, { workerData: order, stdout: true, stderr: true });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'ready') this.ready = true;
      else this.settle(answer.id, answer.kind === 'ran' ? answer.fetches : undefined);
    });
    this.worker.on('error', () => { this.fail(); });
    this.worker.on('exit', () => { this.fail(); });
  }

  get isReady(): boolean {
    return this.ready;
  }

  /** Undefined where the thread could not. */
  run(level: number, feeds: Batches): Promise<Batches | undefined> {
    const id = this.nextId++;
    const request: WorkerRequest = { id, level, feeds };
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(id: number, fetches: Batches | undefined): void {
    this.waiting.get(id)?.(fetches);
    this.waiting.delete(id);
  }

  private fail(): void {
    this.ready = false;
    for (const id of [...this.waiting.keys()]) this.settle(id, undefined);
  }
}

/** Parts of a batch, in order, as even as they come. Copies, so that they travel alone. */
function split(feeds: Batches, batch: number, parts: number): readonly Batches[] {
  const bounds = Array.from({ length: parts + 1 }, (_, index) => Math.round((index * batch) / parts));
  return Array.from({ length: parts }, (_, index) => {
    const [start = 0, end = 0] = [bounds[index], bounds[index + 1]];
    return new Map([...feeds].map(([name, { data, dims }]) => {
      const length = data.length / batch;
      return [name, { data: data.slice(start * length, end * length), dims: [end - start, ...dims.slice(1)] }] as const;
    }));
  });
}

function join(parts: readonly Batches[]): Batches {
  const [first] = parts;
  return new Map([...(first ?? [])].map(([name, { dims }]) => {
    const batches = parts.flatMap((part) => part.get(name) ?? []);
    return [name, joined(batches, dims)] as const;
  }));
}

function joined(batches: readonly TensorBatch[], dims: readonly number[]): TensorBatch {
  const data = new Float32Array(batches.reduce((sum, batch) => sum + batch.data.length, 0));
  let position = 0;
  for (const batch of batches) {
    data.set(batch.data, position);
    position += batch.data.length;
  }
  return { data, dims: [batches.reduce((sum, batch) => sum + (batch.dims[0] ?? 0), 0), ...dims.slice(1)] };
}
