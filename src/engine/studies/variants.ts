import { counterparts, lastSpatial } from '../../core/compare/counterparts';
import type { Measurement, Metric } from '../../core/equivariance/measurement';
import type { ModelFormat, ModelSource, PatchOutcome } from '../../core/formats/format';
import type { AxisPair, ModelGraph } from '../../core/graph/model-graph';
import { choosePreprocessing, type WantedPreprocessing } from '../../core/input/preprocessing';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { Classification, EngineClient, RequestHandlers } from '../client';
import { patchedModel } from '../patched';
import type { ClassifyOptions, ImageFile, InputSpec, ModelPayload } from '../protocol';
import { payloadSource } from '../source';

/** A model that was read, and its bytes for the engine. */
export interface StudiedModel {
  readonly source: ModelSource;
  readonly format: ModelFormat;
  readonly graph: ModelGraph;
  readonly payload: ModelPayload;
}

/** What all variants of a model are measured with. */
export interface VariantOptions {
  readonly metric: Metric;
  /** Guessed from the model without it. */
  readonly preprocessing: WantedPreprocessing | undefined;
  /** Image size where the model leaves it open. */
  readonly size: AxisPair | undefined;
  readonly input: InputSpec;
  /** Without any, only heatmaps are measured. */
  readonly images: readonly ImageFile[];
  readonly pairs: number;
  readonly seed: number;
  readonly memoryBudgetBytes: number;
}

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
  readonly metric: Metric;
  /** As text; a guess is made once, for the model as it is. */
  readonly preprocessing: string;
  private readonly wanted: WantedPreprocessing;
  /** Set by the first classification: all later ones are made alike. */
  private protocol: ClassifyOptions['protocol'];

  /** @param handlers how a variant is followed and ended, by what it is called */
  constructor(
    private readonly client: EngineClient,
    readonly model: StudiedModel,
    private readonly options: VariantOptions,
    private readonly handlers: (label: string) => RequestHandlers,
  ) {
    this.metric = options.metric;
    const chosen = choosePreprocessing(model.graph, options.preprocessing);
    this.preprocessing = chosen.name;
    this.wanted = chosen.preprocessing;
  }

  /** The model with `plans` applied; as it is with none. @throws ModelError, EngineError */
  async measure(plans: readonly BlurPlan[], label: string): Promise<MeasuredVariant> {
    const { payload, source, outcomes } = await this.patched(plans);
    const graph = plans.length === 0 ? this.model.graph : await this.model.format.read(source);
    const { metric, client } = this;
    const { input, images, pairs, seed, size, memoryBudgetBytes } = this.options;
    const shared = { preprocessing: this.wanted, memoryBudgetBytes, ...(size && { size }) };
    const handlers = this.handlers(label);
    const { backend, measurement } = await client.measure(payload, input, { metric, ...shared }, handlers);
    if (images.length === 0) return { graph, outcomes, backend, measurement, classification: undefined };
    const classification = await client.classify(payload, images, { pairs, seed, ...shared, ...(this.protocol && { protocol: this.protocol }) }, handlers);
    this.protocol = classification.settings.protocol;
    return { graph, outcomes, backend, measurement, classification };
  }

  private async patched(plans: readonly BlurPlan[]): Promise<{ payload: ModelPayload; source: ModelSource; outcomes: readonly PatchOutcome[] }> {
    const { payload: original, source, format } = this.model;
    if (plans.length === 0) return { payload: original, source, outcomes: [] };
    const patch = await format.patch(source, plans);
    const { bytes, newFiles } = await patchedModel(source, patch);
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
