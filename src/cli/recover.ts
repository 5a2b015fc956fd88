import { recoveredChange } from '../engine/output/recovered-change';
import type { FileChange, Patch } from '../core/formats/format';
import type { AxisPair } from '../core/graph/model-graph';
import type { RecoveryReach } from '../core/recover/steps';
import type { RecoveryReport } from '../core/report/recovery-report';
import type { BlurPlan } from '../core/rewrite/plan';
import { imagesOf } from '../engine/host/image-lists/image-list';
import { usualRecovery, type WantedRecovery } from '../engine/protocol/recovering';
import { UsageError, wholeNumber, type OptionDeclaration, type ParsedWords } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import type { ModelFile } from './model-file';
import { preprocessingOf } from './options';

/** Options of `fix` that concern recovery. */
export const recoverOptions: Readonly<Record<string, OptionDeclaration>> = {
  recover: { type: 'string' },
  images: { type: 'string' },
  'recover-layers': { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  preprocessing: { type: 'string' },
  size: { type: 'string' },
};

export const recoverUsage =
  '[--recover FOLDER] [--images N] [--recover-layers all|next] [--pairs N] [--seed N] [--preprocessing NAME] [--size HxW]';

/** How a command's options tell of a recovery. */
interface RecoveryOptionNames {
  /** How many images it uses at most. */
  readonly count: string;
  /** Pairs of shifts that it judges by itself. */
  readonly pairs: number;
  /** Options that mean nothing without a recovery. */
  readonly idle: readonly string[];
}

/** The recovery that `fix --recover` asks for; undefined without it. @throws UsageError, ModelError */
export async function recoveryOfFix(parsed: ParsedWords, size: AxisPair | undefined): Promise<WantedRecovery | undefined> {
  return recoveryOf(parsed, size, {
    count: 'images',
    pairs: wholeNumber(parsed, 'pairs', usualRecovery.pairs, 0),
    // A fix alone may be made for a size too.
    idle: Object.keys(recoverOptions).filter((name) => name !== 'size'),
  });
}

/** The recovery that `compare` and `advise` are asked for: their own images or its held-out ones judge. @throws UsageError, ModelError */
export async function recoveryOfVariants(parsed: ParsedWords, size: AxisPair | undefined): Promise<WantedRecovery | undefined> {
  return recoveryOf(parsed, size, { count: 'recover-images', pairs: 0, idle: ['recover-images', 'recover-layers'] });
}

async function recoveryOf(
  parsed: ParsedWords,
  size: AxisPair | undefined,
  { count, pairs, idle }: RecoveryOptionNames,
): Promise<WantedRecovery | undefined> {
  const folder = parsed.text('recover');
  if (folder === undefined) {
    const stray = idle.find((name) => parsed.text(name) !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} is for a recovery: name a folder of images by --recover FOLDER.`);
    return undefined;
  }
  const preprocessing = preprocessingOf(parsed);
  return {
    images: await imagesOf(folder),
    options: {
      reach: reachOf(parsed),
      images: wholeNumber(parsed, count, usualRecovery.images, 5),
      pairs,
      seed: wholeNumber(parsed, 'seed', 0, 0),
      memoryBudgetBytes,
      ...(preprocessing && { preprocessing }),
      ...(size && { size }),
    },
  };
}

function reachOf(parsed: ParsedWords): RecoveryReach {
  const reach = parsed.text('recover-layers') ?? usualRecovery.reach;
  if (reach === 'all' || reach === 'next') return reach;
  throw new UsageError(`--recover-layers takes all or next, not "${reach}".`);
}

/** Recovers a fixed model: the fix with its new weights as one change. Nothing is written. @throws ModelError, EngineError */
export async function recovered(
  model: ModelFile,
  { plans, patch }: { readonly plans: readonly BlurPlan[]; readonly patch: Patch },
  { images, options }: WantedRecovery,
): Promise<{ readonly change: FileChange; readonly report: RecoveryReport }> {
  const payload = await model.payload();
  const client = startEngine();
  try {
    const { weights, report } = await showingProgress('recovering', (onProgress) =>
      client.call('recover', { model: payload, plans, images, options }, { onProgress }),
    );
    return { change: await recoveredChange(model, patch, weights), report };
  } finally {
    client.dispose();
  }
}
