import { counterparts, lastSpatial } from '../core/compare/counterparts';
import type { Measurement, Metric } from '../core/equivariance/measurement';
import type { ModelSource, PatchOutcome } from '../core/formats/format';
import type { ModelGraph } from '../core/graph/model-graph';
import { guessPreprocessing, type PreprocessingName } from '../core/input/preprocessing';
import type { BlurPlan } from '../core/rewrite/plan';
import type { Classification } from '../engine/client';
import type { ClassifyOptions, ImageFile, InputSpec, ModelPayload } from '../engine/protocol';
import { patchedModel } from '../engine/patched';
import { payloadSource } from '../engine/source';
import type { OptionDeclaration, ParsedWords } from './command';
import { memoryBudgetBytes, showProgress, startEngine } from './engine';
import { imagesOf } from './image-folder';
import type { OpenedModel } from './model-file';
import { inputOf, metricOf, pairsOf, preprocessingOf } from './options';

/** Options that `compare` and `advise` share. */
export const variantOptions: Readonly<Record<string, OptionDeclaration>> = {
  json: { type: 'boolean' },
  input: { type: 'string' },
  metric: { type: 'string' },
  images: { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  preprocessing: { type: 'string' },
};

export const variantUsage = '[--input IMAGE|TENSOR.npy] [--metric flat|channel] [--images FOLDER] [--pairs N] [--seed N] [--preprocessing NAME] [--json]';

/** One model of a comparison and what was measured of it. */
export interface MeasuredVariant {
  readonly graph: ModelGraph;
  readonly outcomes: readonly PatchOutcome[];
  readonly backend: string;
  readonly measurement: Measurement;
  readonly classification: Classification | undefined;
}

/** Measures a model and fixed copies of it, made in memory, on the same inputs with the same settings. */
export class VariantRun {
  private readonly client = startEngine();
  /** Set by the first classification: all later ones are made alike. */
  private protocol: ClassifyOptions['protocol'];

  private constructor(
    private readonly model: OpenedModel,
    private readonly original: ModelPayload,
    readonly metric: Metric,
    readonly preprocessing: PreprocessingName,
    private readonly input: InputSpec,
    private readonly images: readonly ImageFile[],
    private readonly pairs: number,
    private readonly seed: number,
  ) {}

  /** @throws UsageError, ModelError */
  static async of(model: OpenedModel, parsed: ParsedWords): Promise<VariantRun> {
    const metric = metricOf(parsed);
    const folder = parsed.text('images');
    const images = folder === undefined ? [] : await imagesOf(folder, undefined, null);
    const preprocessing = preprocessingOf(parsed) ?? guessPreprocessing(model.graph).name;
    const { pairs, seed } = pairsOf(parsed);
    return new VariantRun(model, await model.payload(), metric, preprocessing, await inputOf(parsed), images, pairs, seed);
  }

  /** The model with `plans` applied; as it is with none. @throws ModelError, EngineError */
  async measure(plans: readonly BlurPlan[], label: string): Promise<MeasuredVariant> {
    const { payload, source, outcomes } = await this.patched(plans);
    const graph = plans.length === 0 ? this.model.graph : await this.model.format.read(source);
    const { metric, preprocessing, pairs, seed } = this;
    const onEvent = showProgress(`${label}:`);
    const { backend, measurement } = await this.client.measure(payload, this.input, { metric, preprocessing, memoryBudgetBytes }, { onEvent });
    if (this.images.length === 0) return { graph, outcomes, backend, measurement, classification: undefined };
    const options = { pairs, seed, preprocessing, memoryBudgetBytes, ...(this.protocol && { protocol: this.protocol }) };
    const classification = await this.client.classify(payload, this.images, options, { onEvent });
    this.protocol = classification.settings.protocol;
    return { graph, outcomes, backend, measurement, classification };
  }

  dispose(): void {
    this.client.dispose();
  }

  private async patched(plans: readonly BlurPlan[]): Promise<{ payload: ModelPayload; source: ModelSource; outcomes: readonly PatchOutcome[] }> {
    const { original } = this;
    if (plans.length === 0) return { payload: original, source: this.model.source, outcomes: [] };
    const patch = await this.model.format.patch(this.model.source, plans);
    const { bytes, newFiles } = await patchedModel(this.model.source, patch);
    const payload = { ...original, bytes, overlay: { ...original.overlay, ...newFiles } };
    return { payload, source: payloadSource(payload), outcomes: patch.outcomes };
  }
}

/** Mean of the deepest map of a variant, by the original's layer. */
export function lastMean(original: MeasuredVariant, variant: MeasuredVariant): number | null {
  const last = lastSpatial(original.measurement.heatmaps);
  const index = last === undefined ? -1 : original.measurement.heatmaps.indexOf(last);
  return counterparts(original.measurement, original.graph, variant.measurement, variant.graph)[index]?.mean ?? null;
}
