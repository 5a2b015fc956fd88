import type { CircularModel, TensorBatch } from '../equivariance/walk/circular-model';
import { joinBatches } from '../equivariance/measure/deployed';
import type { AxisPair } from '../graph/model-graph';
import { runPart, type SegmentedModel } from './segmented-model';
import type { Tensors, TensorStore } from './tensor-store';

/** An image, rolled. */
export interface Sample {
  readonly image: number;
  readonly shift: AxisPair;
  /** True for images that only judge. */
  readonly isHeldOut: boolean;
  /** True where what both models answer in the end is wanted. */
  readonly isAnswered: boolean;
}

/** Samples that are run together; what is known of them between two stages lies in a store under the key. */
export interface Chunk {
  readonly key: string;
  readonly samples: readonly Sample[];
}

/** What is known of a chunk in both models. */
export interface ChunkTensors {
  readonly original: Tensors;
  readonly fixed: Tensors;
}

/** What it takes to run chunks through both models, part by part. */
export interface ChunkRuns {
  readonly original: SegmentedModel & { readonly model: CircularModel };
  readonly fixed: SegmentedModel;
  /** The image of a sample, rolled by its shift, batch 1. */
  readonly load: (sample: Sample) => Promise<TensorBatch>;
  readonly store: TensorStore;
}

/** Samples whose answers are wanted stand in chunks of their own, which run to the end. */
export function chunksOf(samples: readonly Sample[], batch: number): readonly Chunk[] {
  return [true, false].flatMap((wanted) => {
    const own = samples.filter(({ isAnswered }) => isAnswered === wanted);
    return Array.from({ length: Math.ceil(own.length / batch) }, (_, index) => ({
      key: `${wanted ? 'answered' : 'other'} ${index}`,
      samples: own.slice(index * batch, (index + 1) * batch),
    }));
  });
}

/** Runs both models one part further for some samples, and forgets what no later part reads. @param fixedModel the fixed model, opened */
export async function advance(runs: ChunkRuns, fixedModel: CircularModel, chunk: Chunk, part: number): Promise<ChunkTensors> {
  const { original, fixed } = runs;
  const before = part === 0 ? await firstTensors(runs, chunk) : await storedTensors(runs.store, chunk);
  const after = {
    original: await runPart(original, original.model, before.original, part),
    fixed: await runPart(fixed, fixedModel, before.fixed, part),
  };
  const isLast = part === fixed.cuts.length - 1;
  for (const which of ['original', 'fixed'] as const) {
    if (isLast) await runs.store.remove(keyOf(chunk, which));
    else await runs.store.put(keyOf(chunk, which), after[which]);
  }
  return after;
}

async function firstTensors({ original, fixed, load }: ChunkRuns, { samples }: Chunk): Promise<ChunkTensors> {
  const loaded: TensorBatch[] = [];
  for (const sample of samples) loaded.push(await load(sample));
  const images = joinBatches(loaded);
  return { original: original.inputs(images), fixed: fixed.inputs(images) };
}

async function storedTensors(store: TensorStore, chunk: Chunk): Promise<ChunkTensors> {
  return { original: await store.get(keyOf(chunk, 'original')), fixed: await store.get(keyOf(chunk, 'fixed')) };
}

function keyOf({ key }: Chunk, which: keyof ChunkTensors): string {
  return `${key} ${which}`;
}
