import { VariantRun } from '../engine/host/studies/variants';
import { imagesOf } from '../engine/host/studies/image-folder';
import { reportOptions, reportUsage, type OptionDeclaration, type ParsedWords } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import type { ModelFile } from './model-file';
import { inputOf, metricOf, pairsOf, preprocessingOf, sizeOf } from './options';

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
};

export const variantUsage = `[--input IMAGE|TENSOR.npy] [--metric flat|channel] [--images FOLDER] [--pairs N] [--seed N] [--preprocessing NAME] [--size HxW] ${reportUsage}`;

/** Lets `use` measure variants of a model as the options say. @throws UsageError, ModelError, EngineError */
export async function withVariants<T>(model: ModelFile, parsed: ParsedWords, use: (run: VariantRun) => Promise<T>): Promise<T> {
  const folder = parsed.text('images');
  const options = {
    metric: metricOf(parsed),
    preprocessing: preprocessingOf(parsed),
    size: sizeOf(parsed),
    images: folder === undefined ? [] : await imagesOf(folder, undefined, null),
    input: await inputOf(parsed),
    memoryBudgetBytes,
    ...pairsOf(parsed),
  };
  const payload = await model.payload();
  const client = startEngine();
  try {
    return await showingProgress('', (onProgress) => use(new VariantRun(client, { ...model, payload }, options, () => ({ onProgress }))));
  } finally {
    client.dispose();
  }
}
