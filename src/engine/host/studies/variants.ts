import { counterparts, lastSpatial } from '../../../core/compare/counterparts';
import type { Metric } from '../../../core/equivariance/measure/measurement';
import type { AxisPair } from '../../../core/graph/model-graph';
import { choosePreprocessing, type WantedPreprocessing } from '../../../core/input/preprocessing';
import type { CallProgress } from '../../protocol/calls';
import type { ImageFile } from '../../protocol/classifying';
import type { InputSpec } from '../../protocol/payload';
import type { VariantResult, VariantSpec } from '../../protocol/variants';
import type { EngineClient } from '../client';
import type { CallFollower } from '../engine-process';
import type { PlacedModel } from '../placed-model';

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
export interface MeasuredVariant extends VariantResult {
  readonly backend: string;
}

/** The variant that is none. */
export const asItIs: VariantSpec = { label: 'as it is', plans: [] };

/** Measures a model and fixed copies of it, made in memory, on the same inputs with the same settings. */
export class VariantRun {
  readonly metric: Metric;
  /** As text; a guess is made once, for the model as it is. */
  readonly preprocessing: string;
  private readonly wanted: WantedPreprocessing;

  /** @param follower of a call that measures so many variants */
  constructor(
    private readonly client: EngineClient,
    readonly model: PlacedModel,
    private readonly options: VariantOptions,
    private readonly follower: (variants: number) => CallFollower<CallProgress<'measure-variants'>>,
  ) {
    this.metric = options.metric;
    const chosen = choosePreprocessing(model.graph, options.preprocessing);
    this.preprocessing = chosen.name;
    this.wanted = chosen.preprocessing;
  }

  /** One result for each variant; what they share is run once. @throws ModelError, EngineError */
  async measure(variants: readonly VariantSpec[]): Promise<readonly MeasuredVariant[]> {
    const { metric, client, model, wanted } = this;
    const { input, images, pairs, seed, size, memoryBudgetBytes } = this.options;
    const options = { metric, preprocessing: wanted, memoryBudgetBytes, ...(size && { size }) };
    const { backend, variants: results } = await client.call(
      'measure-variants',
      { model: model.payload, variants, input, options, images, pairs, seed },
      this.follower(variants.length),
    );
    return results.map((result) => ({ ...result, backend }));
  }
}

/** Mean of the deepest map of a variant, by the original's layer. */
export function lastMean(original: MeasuredVariant, variant: MeasuredVariant): number | null {
  const last = lastSpatial(original.measurement.heatmaps);
  const index = last === undefined ? -1 : original.measurement.heatmaps.indexOf(last);
  return counterparts(original.measurement, original.graph, variant.measurement, variant.graph)[index]?.mean ?? null;
}
