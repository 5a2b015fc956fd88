import { topClass } from '../../../core/consistency/class-map';
import { shareOf, type Share } from '../../../core/consistency/interval';
import { drawShiftPairs } from '../../../core/consistency/shift-pairs';
import { inOrder } from '../../../core/consistency/summary';
import { joinBatches } from '../../../core/equivariance/measure/deployed';
import { oneLevelPlan } from '../../../core/equivariance/plan/output-plan';
import { feedsOf } from '../../../core/equivariance/plan/planned-input';
import type { CancellationProbe, CircularModel } from '../../../core/equivariance/walk/circular-model';
import type { AxisPair } from '../../../core/graph/model-graph';
import type { TensorStore } from '../../../core/recover/tensor-store';
import type { ImageFile } from '../../protocol/classifying';
import type { RecoverOptions } from '../../protocol/recovering';
import type { Engine } from '../../runtimes/engine';
import { chooseProtocol } from '../classify/choose-protocol';
import { nextTurn } from '../next-turn';
import type { VariantModel } from '../variants/variant-model';
import { keepImage, rolledImage, type ShownImages } from './calibration';

/** Models to hold against one another, and what they are shown. */
export interface ModelsToJudge {
  readonly engine: Engine;
  /** The first one's size is everybody's. */
  readonly models: readonly VariantModel[];
  readonly images: readonly ImageFile[];
  readonly store: TensorStore;
  readonly shown: ShownImages;
  readonly options: Pick<RecoverOptions, 'pairs' | 'seed' | 'size' | 'memoryBudgetBytes'>;
  readonly cancellation: CancellationProbe;
  /** Hears of the share of the work done, from 0 to 1, and of the model at hand. */
  readonly onProgress: (done: number, label: string) => void;
}

/** Rolled images that are run together: enough for all cores, little enough to cancel between. */
const imagesPerRun = 16;

/** A judged image, rolled by one of its shifts. */
interface Roll {
  readonly image: number;
  readonly shift: AxisPair;
}

/**
 * Consistency under the circular protocol. Every image is rolled by its few shifts and run as a whole: unlike a walk, batches
 * reach across images, so that all cores have work, and no map leaves the runtime.
 *
 * @returns one share a model, in their order; undefined where it was cancelled
 * @throws ModelError `unsupported` where the circular protocol gives no class scores
 */
export async function rolledConsistency(job: ModelsToJudge): Promise<readonly (Share | null)[] | undefined> {
  const { engine, models, options, cancellation } = job;
  const images = inOrder(job.images.map((file) => ({ image: file.name, file })));
  const plans = models.map(({ graph }) => oneLevelPlan(chooseProtocol(graph, { ...options, protocol: 'circular' }).plan));
  const [first] = plans;
  if (first === undefined) return [];
  const shown = { ...job.shown, input: first.input };
  for (const [image, { file }] of images.entries()) await keepImage(job.store, file, shown, image);
  const pairs = images.map(({ image }) => drawShiftPairs(first.input.size, options.pairs, options.seed, image));
  const rolls = pairs.flatMap((own, image) => own.flat().map((shift): Roll => ({ image, shift })));
  const shares: (Share | null)[] = [];
  for (const [index, model] of models.entries()) {
    const plan = plans[index] ?? first;
    const opened = await engine.openCircular(await model.read(), plan);
    try {
      const classes: number[] = [];
      const most = plan.levels[0]?.batchable === true ? imagesPerRun : 1;
      for (let start = 0; start < rolls.length; start += most) {
        await nextTurn();
        if (cancellation.cancelled) return undefined;
        classes.push(...(await classesOf(job.store, { ...shown, input: plan.input }, opened, rolls.slice(start, start + most))));
        job.onProgress((index + classes.length / rolls.length) / models.length, model.label);
      }
      shares.push(shareOfPairs(classes, options.pairs));
    } finally {
      await opened.dispose();
    }
  }
  return shares;
}

async function classesOf(store: TensorStore, shown: ShownImages, model: CircularModel, rolls: readonly Roll[]): Promise<readonly number[]> {
  const batches = [];
  for (const roll of rolls) batches.push(await rolledImage(store, shown, roll));
  const [scores] = (await model.runLevel(0, feedsOf(shown.input, joinBatches(batches), shown.layout))).values();
  const { data } = scores ?? { data: new Float32Array() };
  const length = data.length / rolls.length;
  return rolls.map((_, index) => topClass(data.subarray(index * length, (index + 1) * length)));
}

/** @param classes two a pair, all pairs of an image one behind another */
function shareOfPairs(classes: readonly number[], pairs: number): Share | null {
  const clusters = Array.from({ length: classes.length / (2 * pairs) }, (_, image) => {
    const own = classes.slice(2 * pairs * image, 2 * pairs * (image + 1));
    const successes = Array.from({ length: pairs }, (__, pair) => own[2 * pair] === own[2 * pair + 1]).filter(Boolean).length;
    return { successes, trials: pairs };
  });
  return shareOf(clusters) ?? null;
}
