import { changedSource } from '../engine/output/changed-source';
import type { Patch } from '../core/formats/format';
import { openModel } from '../core/formats/registry';
import type { RecoveryReach } from '../core/recover/steps';
import type { RecoveryReport } from '../core/report/recovery-report';
import type { BlurPlan } from '../core/rewrite/plan';
import { imagesOf } from '../engine/host/studies/image-folder';
import type { ImageFile } from '../engine/protocol/classifying';
import type { RecoverOptions } from '../engine/protocol/recovering';
import { UsageError, wholeNumber, type OptionDeclaration, type ParsedWords } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import type { ModelFile } from './model-file';
import { preprocessingOf, sizeOf } from './options';
import { writeOpened } from './write-model';

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

/** Images that a recovery uses unless told otherwise, and pairs of shifts of each held-out one. */
const defaultImages = 256;
const defaultPairs = 4;

/** What a recovery works with. */
export interface RecoveryRequest {
  readonly images: readonly ImageFile[];
  readonly options: RecoverOptions;
}

/** The recovery that `--recover` asks for; undefined without it. @throws UsageError, ModelError */
export async function recoveryOf(parsed: ParsedWords): Promise<RecoveryRequest | undefined> {
  const folder = parsed.text('recover');
  if (folder === undefined) {
    const idle = Object.keys(recoverOptions).find((name) => parsed.text(name) !== undefined);
    if (idle !== undefined) throw new UsageError(`--${idle} is for a recovery: name a folder of images by --recover FOLDER.`);
    return undefined;
  }
  const preprocessing = preprocessingOf(parsed);
  const size = sizeOf(parsed);
  return {
    images: await imagesOf(folder, undefined, null),
    options: {
      reach: reachOf(parsed),
      images: wholeNumber(parsed, 'images', defaultImages, 5),
      pairs: wholeNumber(parsed, 'pairs', defaultPairs, 0),
      seed: wholeNumber(parsed, 'seed', 0, 0),
      memoryBudgetBytes,
      ...(preprocessing && { preprocessing }),
      ...(size && { size }),
    },
  };
}

function reachOf(parsed: ParsedWords): RecoveryReach {
  const reach = parsed.text('recover-layers') ?? 'all';
  if (reach === 'all' || reach === 'next') return reach;
  throw new UsageError(`--recover-layers takes all or next, not "${reach}".`);
}

/** Recovers a fixed model and writes it. @throws ModelError, EngineError */
export async function writeRecovered(
  model: ModelFile,
  { plans, patch }: { readonly plans: readonly BlurPlan[]; readonly patch: Patch },
  { images, options }: RecoveryRequest,
  output: string,
): Promise<RecoveryReport> {
  const payload = await model.payload();
  const client = startEngine();
  try {
    const { weights, report } = await showingProgress('recovering', (onProgress) =>
      client.call('recover', { model: payload, plans, images, options }, { onProgress }),
    );
    const fixed = await openModel(changedSource(model, patch));
    const change = await fixed.replaceWeights(weights);
    const newFiles = new Set([...patch.newFiles, ...change.newFiles].map(({ relativePath }) => relativePath));
    await writeOpened(model, await openModel(changedSource(fixed, change)), (file) => newFiles.has(file), output);
    return report;
  } finally {
    client.dispose();
  }
}
