import { choosePreprocessing } from '../core/input/preprocessing';
import { VariantRun, type VariantFollowers } from '../engine/host/studies/variants';
import { imagesOf } from '../engine/host/image-lists/image-list';
import { reportOptions, reportUsage, type OptionDeclaration, type ParsedWords } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import type { ModelFile } from './model-file';
import { recoveryOfVariants } from './recover';
import { inputOf, metricOf, pairsOf, preprocessingOf } from './options';

/** Options that `compare` and `advise` share. */
export const variantOptions: Readonly<Record<string, OptionDeclaration>> = {
  ...reportOptions,
  input: { type: 'string' },
  metric: { type: 'string' },
  images: { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  preprocessing: { type: 'string' },
  size: { type: 'string' },
  recover: { type: 'string' },
  'recover-images': { type: 'string' },
  'recover-layers': { type: 'string' },
};

export const variantUsage = `[--input IMAGE|TENSOR.npy] [--metric flat|channel] [--images FOLDER] [--pairs N] [--seed N] [--preprocessing NAME] [--size HxW] [--recover FOLDER] [--recover-images N] [--recover-layers all|next] ${reportUsage}`;

/** Lets `use` measure variants of a model as the options say. @throws UsageError, ModelError, EngineError */
export async function withVariants<T>(model: ModelFile, parsed: ParsedWords, use: (run: VariantRun) => Promise<T>): Promise<T> {
  const folder = parsed.text('images');
  const { imageSize: size } = model.source;
  const options = {
    metric: metricOf(parsed),
    preprocessing: preprocessingOf(parsed),
    size,
    images: folder === undefined ? [] : await imagesOf(folder),
    input: await inputOf(parsed),
    memoryBudgetBytes,
    recovery: await recoveryOfVariants(parsed, size),
    ...pairsOf(parsed),
  };
  const placed = { sent: await model.payload(), preprocessing: choosePreprocessing(model.graph) };
  const client = startEngine();
  try {
    return await showingProgress('', (onProgress) => {
      const followers: VariantFollowers = {
        measuring: () => ({ onProgress }),
        recovering: (label) => ({
          onProgress: (told) => {
            onProgress({ ...told, label: `recovering ${label}` });
          },
        }),
      };
      return use(new VariantRun(client, placed, options, followers));
    });
  } finally {
    client.dispose();
  }
}
