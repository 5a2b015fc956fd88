import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import { ModelError } from '../../core/model-error';

/** Tensors of one level by name. */
export type Batches = ReadonlyMap<string, TensorBatch>;

/** Runs a level on a batch. @throws ModelError where the runtime refuses */
export type LevelRun = (level: number, feeds: Batches) => Promise<Batches>;

/**
 * Runs levels on whole batches where the plan and they themselves take them. A level that fixes its batch size (a Reshape to a constant
 * shape) fails on a batch or mixes its images: it is found out once, and its images are run one by one from then on.
 */
export class LevelRunner {
  private readonly unbatched = new Set<number>();

  /** @param batchable whether the plan lets a level run several images at once */
  constructor(
    private readonly run: LevelRun,
    private readonly batchable: (level: number) => boolean,
  ) {}

  /** @throws ModelError where a single image is refused too */
  async runLevel(level: number, feeds: Batches): Promise<Batches> {
    const batch = batchSize(feeds);
    if (batch === 1) return this.run(level, feeds);
    if (this.batchable(level) && !this.unbatched.has(level)) {
      const together = await this.runTogether(level, feeds, batch);
      if (together !== undefined) return together;
      this.unbatched.add(level);
    }
    return this.runOneByOne(level, feeds, batch);
  }

  /** Undefined where the level does not take a batch: it fails, or its results are not one per image. */
  private async runTogether(level: number, feeds: Batches, batch: number): Promise<Batches | undefined> {
    try {
      const fetched = await this.run(level, feeds);
      return [...fetched.values()].every(({ dims }) => dims[0] === batch) ? fetched : undefined;
    } catch (error) {
      if (error instanceof ModelError) return undefined;
      throw error;
    }
  }

  private async runOneByOne(level: number, feeds: Batches, batch: number): Promise<Batches> {
    const joined = new Map<string, { data: Float32Array; dims: readonly number[] }>();
    for (let index = 0; index < batch; index++) {
      const single = new Map(
        [...feeds].map(([name, { data, dims }]) => {
          const length = data.length / batch;
          return [name, { data: data.subarray(index * length, (index + 1) * length), dims: [1, ...dims.slice(1)] }] as const;
        }),
      );
      for (const [name, { data, dims }] of await this.run(level, single)) {
        const target = joined.get(name) ?? { data: new Float32Array(data.length * batch), dims: [batch, ...dims.slice(1)] };
        target.data.set(data, index * data.length);
        joined.set(name, target);
      }
    }
    return joined;
  }
}

/** Images in the batch that a level is fed. */
export function batchSize(feeds: Batches): number {
  const [first] = feeds.values();
  return first?.dims[0] ?? 1;
}
