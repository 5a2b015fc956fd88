import type { CancellationProbe, CircularModel, TensorBatch } from '../equivariance/walk/circular-model';
import { seededRandom } from '../consistency/random';
import type { ModelGraph } from '../graph/model-graph';
import { bytesOfStage, startSums, type LayerSums } from './layer-sums';
import type { LinearWeights, NewWeights } from './linear-layer';
import type { AddProducts } from './matrix-products';
import { advance, chunksOf, type Chunk, type ChunkRuns, type ChunkTensors, type Sample } from './sample-chunks';
import { solveLayer, type RecoveredLayer } from './solve-layer';
import type { RecoveryStep } from './steps';
import type { LaidOut } from './window-views';

/** What a recovery works on. */
export interface RecoveryJob extends ChunkRuns {
  /** Opened anew whenever weights have changed. */
  readonly fixed: ChunkRuns['fixed'] & { open(weights: NewWeights): Promise<CircularModel> };
  readonly stages: readonly (readonly RecoveryStep[])[];
  readonly samples: readonly Sample[];
}

/** What both models answer to a sample in the end: their outputs, one after another. */
export interface SampleAnswers {
  readonly sample: Sample;
  readonly original: Float32Array;
  readonly recovered: Float32Array;
}

/** How it is done and who hears of it. */
export interface RecoveryOptions {
  readonly seed: number;
  /** Samples that are run together. */
  readonly batch: number;
  /** Bytes that sums and stored tensors may take together. A layer whose sums take more gets one scale and bias an output. */
  readonly memoryBytes: number;
  readonly addProducts: AddProducts;
  readonly cancellation: CancellationProbe;
  /** Hears of the share of the work done, from 0 to 1, and of the layers that are solved; of none while the answers are compared. */
  readonly onProgress: (done: number, layers: readonly string[]) => void;
}

/** What it came to. */
export interface Recovery {
  readonly weights: NewWeights;
  readonly layers: readonly RecoveredLayer[];
  readonly answers: readonly SampleAnswers[];
}

/** Positions of a layer that are sampled at least, over all samples: so many, or so many times its unknowns. */
const fewestPositions = 20_000;
const positionsPerUnknown = 4;

/**
 * Re-solves the linear layers behind a fix, stage by stage: both models run side by side on the samples up to what the layers read,
 * the layers are solved, and the fixed model goes on with its new weights (docs/recovery.md has the formulas).
 *
 * @returns undefined where it was cancelled
 * @throws ModelError where a model cannot be run
 */
export async function recoverWeights(job: RecoveryJob, options: RecoveryOptions): Promise<Recovery | undefined> {
  try {
    return await recoverAll(job, { ...options, addProducts: cancellable(options) });
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}

/** Leaves a recovery from wherever it is. */
class Cancelled extends Error {}

function throwIfCancelled({ cancelled }: CancellationProbe): void {
  if (cancelled) throw new Cancelled();
}

/** Factors of large layers take seconds: they can be left between any two products. */
function cancellable({ addProducts, cancellation }: RecoveryOptions): AddProducts {
  return async (...operands) => {
    throwIfCancelled(cancellation);
    await addProducts(...operands);
  };
}

async function recoverAll(job: RecoveryJob, options: RecoveryOptions): Promise<Recovery> {
  const chunks = chunksOf(job.samples, options.batch);
  const answered = chunks.filter(({ samples }) => samples.every(({ isAnswered }) => isAnswered));
  const total = job.stages.length * chunks.length + answered.length;
  let done = 0;
  const onChunk = (layers: readonly string[]): void => {
    options.onProgress((done += 1) / total, layers);
  };
  const weights = new Map<string, LinearWeights>();
  const layers: RecoveredLayer[] = [];
  for (const [stage, steps] of job.stages.entries()) {
    await job.store.limit(options.memoryBytes - bytesOfStage(steps, options.memoryBytes));
    const sums = await Promise.all(steps.map((step) => startSums(step, options.memoryBytes, options.addProducts)));
    await runChunks(job, weights, chunks, stage, options, async (chunk, tensors) => {
      for (const sum of sums) await gather(job, chunk, tensors, sum, options);
      onChunk(steps.map(({ linear }) => linear.layer));
    });
    for (const { step, old, samples } of sums) {
      const solved = await solveLayer(step.linear, old, samples, options.addProducts);
      layers.push(solved.outcome);
      if (solved.weights !== undefined) weights.set(step.linear.layer, solved.weights);
    }
  }
  const answers: SampleAnswers[] = [];
  await runChunks(job, weights, answered, job.stages.length, options, (chunk, tensors) => {
    answers.push(...answersOf(job, chunk, tensors));
    onChunk([]);
    return Promise.resolve();
  });
  return { weights, layers, answers };
}

/** Runs one part of both models for some chunks. */
async function runChunks(
  job: RecoveryJob,
  weights: NewWeights,
  chunks: readonly Chunk[],
  part: number,
  { cancellation }: RecoveryOptions,
  onChunk: (chunk: Chunk, tensors: ChunkTensors) => Promise<void>,
): Promise<void> {
  const fixed = await job.fixed.open(weights);
  try {
    for (const chunk of chunks) {
      throwIfCancelled(cancellation);
      await onChunk(chunk, await advance(job, fixed, chunk, part));
    }
  } finally {
    await fixed.dispose();
  }
}

function answersOf(job: RecoveryJob, { samples }: Chunk, { original, fixed }: ChunkTensors): readonly SampleAnswers[] {
  return samples.map((sample, index) => ({
    sample,
    original: rowOf(original.get(job.original.answer), index),
    recovered: rowOf(fixed.get(job.fixed.answer), index),
  }));
}

function rowOf(batch: TensorBatch | undefined, index: number): Float32Array {
  if (batch === undefined) throw new Error('The last part does not give the answer.');
  const length = batch.data.length / (batch.dims[0] ?? 1);
  return batch.data.slice(index * length, (index + 1) * length);
}

/** Adds what a chunk says about a layer. */
async function gather(
  job: RecoveryJob,
  chunk: Chunk,
  tensors: ChunkTensors,
  { step, samples }: LayerSums,
  { seed }: RecoveryOptions,
): Promise<void> {
  const original = laidOut(job.original.graph, tensors.original, step.originalInput);
  const fixed = laidOut(job.fixed.graph, tensors.fixed, step.fixedInput);
  if (original === undefined || fixed === undefined) throw new Error(`No part gives what "${step.linear.layer}" reads.`);
  const wanted = Math.max(fewestPositions, positionsPerUnknown * step.linear.unknowns);
  const perSample = Math.ceil(wanted / job.samples.length);
  for (const [index, sample] of chunk.samples.entries()) {
    const random = seededRandom(seed, `${step.ordinal} ${sample.image} ${sample.shift.join()}`);
    const equations = sample.isHeldOut ? samples.heldOut : samples.fitted;
    await equations.add(original, fixed, index, (positions) => drawPositions(positions, perSample, random));
  }
}

function laidOut({ tensors, layout }: ModelGraph, live: ChunkTensors['fixed'], tensor: string): LaidOut | undefined {
  const batch = live.get(tensor);
  return batch && { batch, layout: tensors.get(tensor)?.layout ?? layout };
}

/** Places spread evenly over all of them from a random start; all of them where there are no more. */
function drawPositions(positions: number, count: number, random: () => number): readonly number[] {
  if (count >= positions) return Array.from({ length: positions }, (_, place) => place);
  const step = positions / count;
  return Array.from({ length: count }, (_, index) => Math.floor((index + random()) * step));
}
