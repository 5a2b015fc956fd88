import { t } from '@vscode/l10n';
import type { CancellationProbe, CircularModel, TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { joinBatches } from '../../../core/equivariance/measure/deployed';
import { requireFinite } from '../../../core/equivariance/measure/meaningless';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { classScores } from '../../../core/equivariance/plan/output-plan';
import type { ModelGraph } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import type { Answers } from '../../../core/recover/judge';
import type { NewWeights } from '../../../core/recover/linear-layer';
import { fittingStages } from '../../../core/recover/layer-sums';
import { recoverWeights, type Recovery, type SampleAnswers } from '../../../core/recover/recover';
import { stagesOf } from '../../../core/recover/stages';
import { recoverySteps, type LeftLayer } from '../../../core/recover/steps';
import type { BlurPlan } from '../../../core/rewrite/plan';
import { unreadSamples } from '../../../core/rewrite/unread-samples';
import type { TensorStore } from '../../../core/recover/tensor-store';
import type { ReadModel } from '../../input/read-model';
import type { RecoverOptions } from '../../protocol/recovering';
import type { Engine } from '../../runtimes/engine';
import { budgetForMaps } from '../model/memory-budget';
import { withWeights } from '../variants/variant-model';
import { calibrationSamples, rolledImage, type Calibration, type ShownImages } from './calibration';
import { matrixProducts } from './matrix-products';
import { cutModel, runWhole, type CutModel } from './segmented';
import { roomOnDisk } from './spilling-store';

/** Two models, what they are shown, and how one is recovered from the other. */
export interface ModelsToRecover {
  readonly engine: Engine;
  readonly original: ReadModel;
  readonly fixed: ReadModel;
  /** Those that were applied. */
  readonly plans: readonly BlurPlan[];
  readonly calibration: Calibration;
  /** Holds the images. */
  readonly store: TensorStore;
  readonly shown: ShownImages;
  readonly options: RecoverOptions;
  /** What sums and stored tensors may take together. */
  readonly memoryBytes: number;
  readonly cancellation: CancellationProbe;
  readonly onProgress: (done: number, layers: readonly string[]) => void;
}

/** What it came to. */
export interface RecoveredModel {
  readonly recovery: Recovery;
  readonly left: readonly LeftLayer[];
  readonly answers: Answers;
  readonly shifts: number;
  readonly notes: readonly string[];
}

/** Every image is shown as it is and at so many shifts less one, where work and disk allow. */
const mostShifts = 4;
/** Multiply-adds that shifts may make of it. Networks that are so large have many positions a map, and more shifts gain them nothing. */
const mostMultiplyAdds = 2.5e11;
/** Samples that are run together hold about so many bytes. */
const batchBytes = 48 * 2 ** 20;
const largestBatch = 32;
/** Of the room on the disk temporary files take no more than this share. */
const shareOfDisk = 0.5;

/** What the sums and tensors of a recovery may take; the rest of the budget is for the samples that are run. */
export function memoryForRecovery(budgetBytes: number, { graph, payload }: ReadModel): number {
  const budget = budgetForMaps(budgetBytes, graph, payload.bytes.length);
  return Math.max(budget / 2, budget - 2 * batchBytes);
}

/** Re-solves the layers behind a fix. @returns undefined where it was cancelled @throws ModelError */
export async function recoverModel(job: ModelsToRecover): Promise<RecoveredModel | undefined> {
  const { engine, original, fixed, options } = job;
  const { steps, left } = recoverySteps(
    { original: original.opened.graph, fixed: fixed.opened.graph, linear: fixed.opened.linear, unread: unreadSamples(job.plans) },
    options.reach,
  );
  const stages = fittingStages(stagesOf(fixed.opened.graph, steps), job.memoryBytes);
  const before = cutModel({
    graph: original.graph,
    size: options.size,
    answer: answerOf(original.graph),
    stages: stages.map((stage) => stage.map(({ originalInput }) => originalInput)),
  });
  const after = cutModel({
    graph: fixed.graph,
    size: options.size,
    answer: answerOf(fixed.graph),
    stages: stages.map((stage) => stage.map(({ fixedInput }) => fixedInput)),
  });
  const originalModel = await engine.openCircular(original, before.plan);
  const open = async (weights: NewWeights): Promise<CircularModel> =>
    engine.openCircular(await withWeights(fixed, weights), after.plan, originalModel);
  try {
    const inserted = await open(new Map());
    const { samples, shifts, batch, notes, answerShape } = await sizeUp(job, before, originalModel, after, inserted).catch(
      async (error: unknown) => {
        await inserted.dispose();
        throw error;
      },
    );
    const insertedAnswers = await answersAsInserted(job, after, inserted, batch);
    if (insertedAnswers === undefined) return undefined;
    const recovery = await recoverWeights(
      {
        original: { ...before, model: originalModel },
        fixed: { ...after, open },
        stages,
        samples,
        load: (sample) => rolledImage(job.store, job.shown, sample),
        store: job.store,
      },
      {
        seed: options.seed,
        batch,
        memoryBytes: job.memoryBytes,
        addProducts: await matrixProducts(),
        cancellation: job.cancellation,
        onProgress: job.onProgress,
      },
    );
    return recovery && { recovery, left, shifts, notes, answers: joined(answerShape, recovery.answers, insertedAnswers) };
  } finally {
    await originalModel.dispose();
  }
}

/** The model's answer: its class scores, or its first output where it has none. */
function answerOf(graph: ModelGraph): string {
  try {
    return classScores(graph);
  } catch (error) {
    if (error instanceof ModelError) return graph.outputs[0] ?? '';
    throw error;
  }
}

/** One image is run through both models to learn what a sample takes; then as many shifts are chosen as fit. */
async function sizeUp(job: ModelsToRecover, before: CutModel, originalModel: CircularModel, after: CutModel, inserted: CircularModel) {
  const { calibration, shown, options, original, store, memoryBytes } = job;
  const first = await rolledImage(store, shown, { image: 0, shift: [0, 0] });
  const runs = [await runWhole(before, originalModel, first), await runWhole(after, inserted, first)];
  for (const { answer } of runs) requireFinite(answer?.data, first, 'deployed');
  const sampleBytes = Math.max(
    1,
    runs.reduce((sum, { liveBytes }) => sum + liveBytes, 0),
  );
  const room = memoryBytes + shareOfDisk * (await roomOnDisk());
  const count = calibration.images.length;
  const perSample = [before, after].reduce((sum, { plan }) => sum + multiplyAddsOf(plan), 0);
  const wanted = Math.max(1, Math.min(mostShifts, Math.floor(mostMultiplyAdds / (perSample * count))));
  const shifts = Math.max(1, Math.min(wanted, Math.floor(room / (sampleBytes * count))));
  const notes =
    shifts === wanted
      ? []
      : [
          shifts === 1
            ? t`The room on the disk allows each image as it is alone instead of ${wanted} shifts.`
            : t`The room on the disk allows each image ${shifts} shifts instead of ${wanted} shifts.`,
        ];
  if (sampleBytes * count > room)
    throw new ModelError(
      'too-large',
      t`Recovering "${original.payload.path}" from ${count} images needs ${megabytes(sampleBytes * count)} MB of memory and temporary files, and there are ${megabytes(room)}: use at most ${Math.max(0, Math.floor(room / sampleBytes))} images, or make room on the disk.`,
    );
  return {
    samples: calibrationSamples(calibration, before.plan.input.size, shifts, options.seed),
    shifts,
    notes,
    answerShape: runs[0]?.answer?.dims.slice(1) ?? [],
    batch: Math.max(1, Math.min(largestBatch, Math.floor(batchBytes / sampleBytes))),
  };
}

function multiplyAddsOf({ levels }: MeasurePlan): number {
  return levels.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** What the fixed model answers to the held-out images before anything is solved; closes it. */
async function answersAsInserted(
  job: ModelsToRecover,
  model: CutModel,
  opened: CircularModel,
  batch: number,
): Promise<ReadonlyMap<number, Float32Array> | undefined> {
  const heldOut = job.calibration.images.flatMap(({ isHeldOut }, image) => (isHeldOut ? [image] : []));
  const answers = new Map<number, Float32Array>();
  try {
    for (let start = 0; start < heldOut.length; start += batch) {
      if (job.cancellation.cancelled) return undefined;
      const images = heldOut.slice(start, start + batch);
      const batches: TensorBatch[] = [];
      for (const image of images) batches.push(await rolledImage(job.store, job.shown, { image, shift: [0, 0] }));
      const joinedImages = joinBatches(batches);
      const { answer } = await runWhole(model, opened, joinedImages);
      requireFinite(answer?.data, joinedImages, 'deployed');
      const length = (answer?.data.length ?? 0) / images.length;
      for (const [index, image] of images.entries())
        answers.set(image, answer?.data.slice(index * length, (index + 1) * length) ?? new Float32Array());
    }
    return answers;
  } finally {
    await opened.dispose();
  }
}

function joined(shape: readonly number[], answers: readonly SampleAnswers[], inserted: ReadonlyMap<number, Float32Array>): Answers {
  return {
    shape,
    original: answers.map(({ original }) => original),
    inserted: answers.map(({ sample }) => inserted.get(sample.image) ?? new Float32Array()),
    recovered: answers.map(({ recovered }) => recovered),
  };
}
