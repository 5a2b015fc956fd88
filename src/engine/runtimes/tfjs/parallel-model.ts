import type { CircularModel, TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { batchSize, type Batches } from '../one-by-one';
import type { ModelPayload } from '../../protocol/payload';
import type { LevelThreads } from './level-threads';

/** A batch of less work, in multiply-adds, is not worth its way to another thread and back. */
const leastShared = 1e8;

/**
 * Shares the images of a batch among worker threads that have the model open too; WASM kernels use one core each. A thread helps
 * as soon as it is ready, and one that fails is done without.
 */
export class ParallelModel implements CircularModel {
  private readonly model: number;

  constructor(
    private readonly own: CircularModel,
    payload: ModelPayload,
    private readonly plan: MeasurePlan,
    private readonly threads: LevelThreads,
  ) {
    this.model = threads.openModel(payload, plan);
  }

  /** Another model that the same threads help with. */
  beside(own: CircularModel, payload: ModelPayload, plan: MeasurePlan): ParallelModel {
    return new ParallelModel(own, payload, plan, this.threads);
  }

  /** Threads that help by now. */
  get readyHelpers(): number {
    return this.threads.readyFor(this.model).length;
  }

  async runLevel(level: number, feeds: Batches): Promise<Batches> {
    const batch = batchSize(feeds);
    const work = (this.plan.levels[level]?.multiplyAdds ?? 0) * batch;
    const helpers = work < leastShared ? [] : this.threads.readyFor(this.model).slice(0, batch - 1);
    if (helpers.length === 0) return this.own.runLevel(level, feeds);
    const [first = feeds, ...others] = split(feeds, batch, helpers.length + 1);
    const helped = helpers.map((helper, index) => helper.run(this.model, level, others[index] ?? feeds));
    const results = [await this.own.runLevel(level, first)];
    for (const [index, part] of others.entries()) results.push((await helped[index]) ?? (await this.own.runLevel(level, part)));
    return join(results);
  }

  async dispose(): Promise<void> {
    await this.threads.closeModel(this.model);
    await this.own.dispose();
  }
}

/** Parts of a batch, in order, as even as they come. Copies, so that they travel alone. */
function split(feeds: Batches, batch: number, parts: number): readonly Batches[] {
  const bounds = Array.from({ length: parts + 1 }, (_, index) => Math.round((index * batch) / parts));
  return Array.from({ length: parts }, (_, index) => {
    const [start = 0, end = 0] = [bounds[index], bounds[index + 1]];
    return new Map(
      [...feeds].map(([name, { data, dims }]) => {
        const length = data.length / batch;
        return [name, { data: data.slice(start * length, end * length), dims: [end - start, ...dims.slice(1)] }] as const;
      }),
    );
  });
}

function join(parts: readonly Batches[]): Batches {
  const [first] = parts;
  return new Map(
    [...(first ?? [])].map(([name, { dims }]) => {
      const batches = parts.flatMap((part) => part.get(name) ?? []);
      return [name, joined(batches, dims)] as const;
    }),
  );
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
