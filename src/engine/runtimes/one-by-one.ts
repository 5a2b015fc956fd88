import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import { ModelError } from '../../core/model-error';

/** Tensors of one level by name. */
export type Batches = ReadonlyMap<string, TensorBatch>;

/** What a run gives of a tensor: row-major, `dims[0]` is the batch. */
export interface ResultBatch<Numbers extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly data: Numbers;
  readonly dims: readonly number[];
}

/** Runs a level on a batch. @param wanted what it is to give @throws ModelError where the runtime refuses */
export type LevelRun<Numbers extends Float32Array | Float64Array, Wanted> = (
  level: number,
  feeds: Batches,
  wanted: Wanted,
) => Promise<ReadonlyMap<string, ResultBatch<Numbers>>>;

/**
 * Runs levels on whole batches where the plan and they themselves take them. A level that fixes its batch size (a Reshape to a constant
 * shape) fails on a batch or mixes its images: it is found out once, and its images are run one by one from then on.
 */
export class LevelRunner<Numbers extends Float32Array | Float64Array = Float32Array, Wanted = void> {
  private readonly unbatched = new Set<number>();

  /** @param batchable whether the plan lets a level run several images at once */
  constructor(
    private readonly run: LevelRun<Numbers, Wanted>,
    private readonly batchable: (level: number) => boolean,
  ) {}

  /** @throws ModelError where a single image is refused too */
  async runLevel(level: number, feeds: Batches, wanted: Wanted): Promise<ReadonlyMap<string, ResultBatch<Numbers>>> {
    const batch = batchSize(feeds);
    if (batch === 1) return this.run(level, feeds, wanted);
    if (this.batchable(level) && !this.unbatched.has(level)) {
      const together = await this.runTogether(level, feeds, wanted);
      if (together !== undefined) return together;
      this.unbatched.add(level);
    }
    return this.runOneByOne(level, feeds, wanted);
  }

  /** Undefined where the level does not take a batch: it fails, or its results are not one per image. */
  private async runTogether(level: number, feeds: Batches, wanted: Wanted): Promise<ReadonlyMap<string, ResultBatch<Numbers>> | undefined> {
    const batch = batchSize(feeds);
    try {
      const fetched = await this.run(level, feeds, wanted);
      return [...fetched.values()].every(({ dims }) => dims[0] === batch) ? fetched : undefined;
    } catch (error) {
      if (error instanceof ModelError) return undefined;
      throw error;
    }
  }

  private async runOneByOne(level: number, feeds: Batches, wanted: Wanted): Promise<ReadonlyMap<string, ResultBatch<Numbers>>> {
    const batch = batchSize(feeds);
    const joined = new Map<string, ResultBatch<Numbers>>();
    for (let index = 0; index < batch; index++) {
      const single = new Map(
        [...feeds].map(([name, { data, dims }]) => {
          const length = data.length / batch;
          return [name, { data: data.subarray(index * length, (index + 1) * length), dims: [1, ...dims.slice(1)] }] as const;
        }),
      );
      for (const [name, { data, dims }] of await this.run(level, single, wanted)) {
        const target = joined.get(name) ?? { data: roomLike(data, data.length * batch), dims: [batch, ...dims.slice(1)] };
        target.data.set(data, index * data.length);
        joined.set(name, target);
      }
    }
    return joined;
  }
}

/** Room for numbers of the same type. */
export function roomLike<Numbers extends Float32Array | Float64Array>(data: Numbers, length: number): Numbers {
  return new (data.constructor as new (length: number) => Numbers)(length);
}

/** Images in the batch that a level is fed. */
export function batchSize(feeds: Batches): number {
  const [first] = feeds.values();
  return first?.dims[0] ?? 1;
}
