import { t } from '@vscode/l10n';
import type { Share } from '../../../core/consistency/interval';
import { summarise } from '../../../core/consistency/summary';
import { planMeasurement, openSize } from '../../../core/equivariance/plan/plan';
import { planWork } from '../../../core/equivariance/plan/plan-work';
import { layerNamed } from '../../../core/graph/layer-labels';
import { choosePreprocessing, preprocessingNote } from '../../../core/input/preprocessing';
import { ModelError } from '../../../core/model-error';
import { answerCosine, classAgreement } from '../../../core/recover/judge';
import type { Recovery } from '../../../core/recover/recover';
import type { RecoveryReport } from '../../../core/report/recovery-report';
import type { CallRequest } from '../../protocol/calls';
import type { ImageFile } from '../../protocol/classifying';
import type { RecoveryResult } from '../../protocol/recovering';
import type { ReadModel } from '../../input/read-model';
import type { Engine } from '../../runtimes/engine';
import { readForImage } from '../model/read-for-image';
import type { Handler, ServedCall } from '../handler';
import { chooseProtocol } from '../classify/choose-protocol';
import { engineFor } from '../model/engine-for';
import { namingLayers } from '../model/naming-layers';
import { requireFit } from '../model/require-fit';
import { calibrationImages, type ShownImages } from '../recover/calibration';
import { memoryForRecovery, recoverModel } from '../recover/recover-model';
import { rolledConsistency } from '../recover/rolled-consistency';
import { SpillingStore } from '../recover/spilling-store';
import { classifyVariants } from '../variants/classify-variants';
import { variantModel, type VariantModel } from '../variants/variant-model';
import { VariantProgress } from '../variants/walk';

/** Share of the work that the consistency of the three models takes, roughly. */
const judgingShare = 0.3;

/** Every image is shown up to four times, to the original and to the fixed model. */
const samplesWork = 8;

/** What a report says where answers have no class. */
const noClasses = t('The model gives no vector of class scores: the cosine to its output judges alone.');

/** Fixes a model in memory, re-solves the layers behind its blurs and judges what that gave. */
export const recover: Handler<'recover'> = async (request, call) => {
  const { model, plans, options } = request;
  const original = await readForImage(model, options.size);
  const inserted = await variantModel(original, { label: t('as inserted'), plans });
  const memoryBytes = memoryForRecovery(options.memoryBudgetBytes, original);
  const store = new SpillingStore(memoryBytes);
  try {
    return await recoverFrom({ request, original, inserted, memoryBytes, store }, call);
  } finally {
    await store.dispose();
  }
};

/** A call with its model as it is and as inserted. */
interface RecoverWork {
  readonly request: CallRequest<'recover'>;
  readonly original: ReadModel;
  readonly inserted: VariantModel;
  /** What sums and stored tensors may take together. */
  readonly memoryBytes: number;
  readonly store: SpillingStore;
}

async function recoverFrom(work: RecoverWork, call: ServedCall<'recover'>): Promise<RecoveryResult | undefined> {
  const { request, original, inserted, memoryBytes, store } = work;
  const { images, options } = request;
  const pixels = choosePreprocessing(original.graph, options.preprocessing);
  const planned = planMeasurement(original.graph, openSize(original.graph, options.size));
  requireFit(planned, options.memoryBudgetBytes);
  const { input } = planned;
  const engine = await engineFor(original.opened.format.id, images.length * samplesWork * planWork(planned, 1));
  const size = [input.declaredSize[0] ?? input.size[0], input.declaredSize[1] ?? input.size[1]] as const;
  const shown = { input: { ...input, size }, layout: original.graph.layout, preprocessing: pixels.preprocessing };
  const calibration = await calibrationImages(images, shown, options, store);
  const share = options.pairs > 0 ? 1 - judgingShare : 1;
  const job = {
    engine,
    original,
    fixed: await inserted.read(),
    plans: request.plans.filter((_, index) => inserted.outcomes[index]?.ok === true),
    calibration,
    store,
    shown,
    options,
    memoryBytes,
    cancellation: call,
    onProgress: (done: number, layers: readonly string[]): void => {
      const [label] = layers.map((layer) => layerNamed(original.graph, layer).label);
      call.report({ kind: 'share', done: done * share, ...(label !== undefined && { label }) });
    },
  };
  const recovered = await namingLayers(engine, original, options.size, () => recoverModel(job));
  if (recovered === undefined) return undefined;
  const heldOut = calibration.images.flatMap(({ file, isHeldOut }) => (isHeldOut ? [file] : []));
  const { recovery, left, shifts, notes, answers } = recovered;
  const agreement = classAgreement(answers);
  const isJudged = options.pairs > 0 && agreement !== null;
  const consistency = isJudged ? await judgeConsistency({ ...work, engine }, recovery, { images: heldOut, shown }, call) : null;
  if (consistency === undefined) return undefined;
  return {
    outcomes: inserted.outcomes,
    weights: recovery.weights,
    heldOut,
    report: {
      backend: engine.backend,
      images: calibration.images.length,
      heldOut: heldOut.length,
      shifts,
      seed: options.seed,
      layers: recovery.layers.map((layer) => ({ ...layerNamed(original.graph, layer.layer), ...layer })),
      left,
      fidelity: agreement?.fidelity ?? null,
      top5: agreement?.top5 ?? null,
      cosine: answerCosine(answers),
      consistency,
      failed: calibration.failed,
      notes: [...engine.notesOfRun(), ...notes, ...(agreement === null ? [noClasses] : []), ...preprocessingNote(pixels)],
    },
  };
}

/** Consistency of the three models on the held-out images; null where no pair could be judged. */
async function judgeConsistency(
  { request: { plans, options }, original, inserted, store, engine }: RecoverWork & { readonly engine: Engine },
  { weights }: Recovery,
  { images, shown }: { readonly images: readonly ImageFile[]; readonly shown: ShownImages },
  call: ServedCall<'recover'>,
): Promise<RecoveryReport['consistency'] | undefined> {
  const asItIs = await variantModel(original, { label: t('as it is'), plans: [] });
  const after = await variantModel(original, { label: t('recovered'), plans, weights });
  const models = [asItIs, inserted, after];
  const told = (done: number, label: string): void => {
    call.report({ kind: 'share', done: 1 - judgingShare * (1 - done), label });
  };
  try {
    if (chooseProtocol(original.graph, options).protocol === 'circular')
      return sharesByName(await rolledConsistency({ engine, models, images, store, shown, options, cancellation: call, onProgress: told }));
    const set = { engine, original: asItIs, wanted: models, pixels: choosePreprocessing(original.graph, options.preprocessing) };
    const progress = new VariantProgress(models.length, ({ done, label = '' }) => {
      told(done, label);
    });
    const request = { images, options: { ...options, metric: 'flat' as const }, pairs: options.pairs, seed: options.seed };
    const classified = await classifyVariants(request, set, progress, call);
    return sharesByName(classified && models.map((model) => summarise(classified.get(model)?.rows ?? []).consistency));
  } catch (error) {
    if (error instanceof ModelError && error.code === 'unsupported') return null;
    throw error;
  }
}

/** @param shares of the original, the model as inserted and the recovered one; undefined where it was cancelled */
function sharesByName(shares: readonly (Share | null)[] | undefined): RecoveryReport['consistency'] | undefined {
  if (shares === undefined) return undefined;
  const [original = null, before = null, after = null] = shares;
  return original === null || before === null || after === null ? null : { original, before, after };
}
