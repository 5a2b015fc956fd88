import type { CancellationProbe, CircularModel, TensorBatch } from '../equivariance/walk/circular-model';
import { seededRandom } from '../consistency/random';
import { joinBatches } from '../equivariance/measure/deployed';
import type { AxisPair, Layout, ModelGraph } from '../graph/model-graph';
import { LayerEquations, type EquationOptions } from './layer-equations';
import type { LinearWeights, NewWeights } from './linear-layer';
import type { AddProducts } from './matrix-products';
import { solveLayer, type LayerSamples, type RecoveredLayer } from './solve-layer';
import type { RecoveryStep } from './steps';

/** One of the two models, cut so that part i gives what the steps of stage i read, and a last part its answer. */
export interface SegmentedModel {
  readonly graph: ModelGraph;
  /** For each part, the tensors that it is fed. */
  readonly feeds: readonly (readonly string[])[];
  /** The tensor that is the model's answer. */
  readonly answer: string;
  /** The images of a sample as the model takes them. @param image batch of images */
  inputs(image: TensorBatch): ReadonlyMap<string, TensorBatch>;
}

/** What a recovery works on. */
export interface RecoveryJob {
  readonly original: SegmentedModel & { readonly model: CircularModel };
  /** Opened anew whenever weights have changed. */
  readonly fixed: SegmentedModel & { open(weights: NewWeights): Promise<CircularModel> };
  readonly stages: readonly (readonly RecoveryStep[])[];
  readonly samples: readonly Sample[];
  /** The image of a sample, rolled by its shift, batch 1. */
  load(sample: Sample): Promise<TensorBatch>;
}

/** An image, rolled. */
export interface Sample {
  readonly image: number;
  readonly shift: AxisPair;
  /** True for images that only judge. */
  readonly isHeldOut: boolean;
  /** True where what both models answer in the end is wanted. */
  readonly isAnswered: boolean;
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
  /** Bytes that the sums of one layer may take; beyond, one scale and bias an output are solved for. */
  readonly sumsBudgetBytes: number;
  readonly addProducts: AddProducts;
  readonly cancellation: CancellationProbe;
  /** Hears of the share of the work done, from 0 to 1. */
  readonly onProgress: (done: number) => void;
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

/** Live tensors of a few samples, by model. */
interface Chunk {
  readonly samples: readonly Sample[];
  original: Map<string, TensorBatch>;
  fixed: Map<string, TensorBatch>;
}

/**
 * Re-solves the linear layers behind a fix, stage by stage: both models run side by side on the samples up to what the layers read,
 * the layers are solved, and the fixed model goes on with its new weights (docs/recovery.md has the formulas).
 *
 * @returns undefined where it was cancelled
 * @throws ModelError where a model cannot be run
 */
export async function recoverWeights(job: RecoveryJob, options: RecoveryOptions): Promise<Recovery | undefined> {
  const chunks = chunksOf(job.samples, options.batch);
  const weights = new Map<string, LinearWeights>();
  const layers: RecoveredLayer[] = [];
  let done = 0;
  const answered = chunks.filter(({ samples }) => samples.every(({ isAnswered }) => isAnswered));
  const total = job.stages.length * chunks.length + answered.length;
  for (const [stage, steps] of job.stages.entries()) {
    const sums = await Promise.all(steps.map((step) => startSums(step, options)));
    const fixed = await job.fixed.open(weights);
    try {
      for (const chunk of chunks) {
        if (options.cancellation.cancelled) return undefined;
        await advance(job, fixed, chunk, stage);
        for (const sum of sums) gather(job, chunk, sum, options);
        options.onProgress((done += 1) / total);
      }
    } finally {
      await fixed.dispose();
    }
    for (const { step, old, samples } of sums) {
      if (options.cancellation.cancelled) return undefined;
      samples.fitted.complete();
      samples.heldOut.complete();
      const solved = solveLayer(step.linear, old, samples, options.addProducts);
      layers.push(solved.outcome);
      if (solved.weights !== undefined) weights.set(step.linear.layer, solved.weights);
    }
  }
  const answers = await answersOf(job, weights, answered, options, () => {
    options.onProgress((done += 1) / total);
  });
  return answers && { weights, layers, answers };
}

/** Runs the last part for the samples whose answers are wanted. */
async function answersOf(
  job: RecoveryJob,
  weights: NewWeights,
  chunks: readonly Chunk[],
  { cancellation }: RecoveryOptions,
  onChunk: () => void,
): Promise<readonly SampleAnswers[] | undefined> {
  const answers: SampleAnswers[] = [];
  const fixed = await job.fixed.open(weights);
  try {
    for (const chunk of chunks) {
      if (cancellation.cancelled) return undefined;
      await advance(job, fixed, chunk, job.stages.length);
      for (const [index, sample] of chunk.samples.entries()) {
        answers.push({
          sample,
          original: rowOf(chunk.original.get(job.original.answer), index),
          recovered: rowOf(chunk.fixed.get(job.fixed.answer), index),
        });
      }
      chunk.original.clear();
      chunk.fixed.clear();
      onChunk();
    }
    return answers;
  } finally {
    await fixed.dispose();
  }
}

function rowOf(batch: TensorBatch | undefined, index: number): Float32Array {
  if (batch === undefined) throw new Error('The last part does not give the answer.');
  const length = batch.data.length / (batch.dims[0] ?? 1);
  return batch.data.slice(index * length, (index + 1) * length);
}

/** Samples whose answers are wanted stand in chunks of their own, which run to the end. */
function chunksOf(samples: readonly Sample[], batch: number): readonly Chunk[] {
  return [true, false].flatMap((wanted) => {
    const own = samples.filter(({ isAnswered }) => isAnswered === wanted);
    return Array.from({ length: Math.ceil(own.length / batch) }, (_, index) => ({
      samples: own.slice(index * batch, (index + 1) * batch),
      original: new Map(),
      fixed: new Map(),
    }));
  });
}

/** Runs both models one part further for some samples, and forgets what no later part reads. */
async function advance(job: RecoveryJob, fixedModel: CircularModel, chunk: Chunk, part: number): Promise<void> {
  if (part === 0) {
    const images = joinBatches(await Promise.all(chunk.samples.map((sample) => job.load(sample))));
    chunk.original = new Map(job.original.inputs(images));
    chunk.fixed = new Map(job.fixed.inputs(images));
  }
  const steps = job.stages[part] ?? [];
  const isLast = part === job.stages.length;
  const { original, fixed } = job;
  chunk.original = await runPart(
    original,
    original.model,
    chunk.original,
    part,
    isLast ? [original.answer] : steps.map(({ originalInput }) => originalInput),
  );
  chunk.fixed = await runPart(fixed, fixedModel, chunk.fixed, part, isLast ? [fixed.answer] : steps.map(({ fixedInput }) => fixedInput));
}

/**
 * Runs one part of a model.
 *
 * @param live tensors that are known so far @param wanted those that are read at once
 * @returns what is wanted, and what later parts read
 */
export async function runPart(
  { feeds }: Pick<SegmentedModel, 'feeds'>,
  model: CircularModel,
  live: ReadonlyMap<string, TensorBatch>,
  part: number,
  wanted: readonly string[],
): Promise<Map<string, TensorBatch>> {
  const given = new Map((feeds[part] ?? []).flatMap((tensor) => [...live].filter(([name]) => name === tensor)));
  const fetched = given.size === 0 ? new Map<string, TensorBatch>() : await model.runLevel(part, given);
  const needed = new Set([...wanted, ...feeds.slice(part + 1).flat()]);
  return new Map([...live, ...fetched].filter(([tensor]) => needed.has(tensor)));
}

/** Sums of one layer, and the weights they start from. */
interface LayerSums {
  readonly step: RecoveryStep;
  readonly old: LinearWeights;
  readonly samples: LayerSamples;
}

async function startSums(step: RecoveryStep, options: RecoveryOptions): Promise<LayerSums> {
  const { linear } = step;
  const old = await linear.read();
  const withBias = linear.biasPlace !== 'none';
  const systemBytes = 8 * linear.groups * (linear.unknowns + 1) ** 2;
  // The sums of both kinds of samples, and the factor of one.
  const equations: EquationOptions = { withBias, onlyScale: 3 * systemBytes > options.sumsBudgetBytes, addProducts: options.addProducts };
  const samples = { fitted: new LayerEquations(step, old, equations), heldOut: new LayerEquations(step, old, equations), ...equations };
  return { step, old, samples };
}

function gather(job: RecoveryJob, chunk: Chunk, { step, samples }: LayerSums, { seed }: RecoveryOptions): void {
  const original = laidOut(job.original.graph, chunk.original, step.originalInput);
  const fixed = laidOut(job.fixed.graph, chunk.fixed, step.fixedInput);
  if (original === undefined || fixed === undefined) throw new Error(`No part gives what "${step.linear.layer}" reads.`);
  const wanted = Math.max(fewestPositions, positionsPerUnknown * step.linear.unknowns);
  const perSample = Math.ceil(wanted / job.samples.length);
  for (const [index, sample] of chunk.samples.entries()) {
    const random = seededRandom(seed, `${step.linear.layer} ${sample.image} ${sample.shift.join()}`);
    const equations = sample.isHeldOut ? samples.heldOut : samples.fitted;
    equations.add(original, fixed, index, (positions) => drawPositions(positions, perSample, random));
  }
}

function laidOut(
  { tensors, layout }: ModelGraph,
  live: ReadonlyMap<string, TensorBatch>,
  tensor: string,
): { batch: TensorBatch; layout: Layout } | undefined {
  const batch = live.get(tensor);
  return batch && { batch, layout: tensors.get(tensor)?.layout ?? layout };
}

/** Places spread evenly over all of them from a random start; all of them where there are no more. */
function drawPositions(positions: number, count: number, random: () => number): readonly number[] {
  if (count >= positions) return Array.from({ length: positions }, (_, place) => place);
  const step = positions / count;
  return Array.from({ length: count }, (_, index) => Math.floor((index + random()) * step));
}
