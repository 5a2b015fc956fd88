import { t } from '@vscode/l10n';
import { counterparts, lastSpatial } from '../../../core/compare/counterparts';
import type { Heatmap, Metric } from '../../../core/equivariance/measure/measurement';
import type { AxisPair } from '../../../core/graph/model-graph';
import { askedPreprocessing, type WantedPreprocessing } from '../../../core/input/preprocessing';
import type { CallProgress } from '../../protocol/calls';
import type { ImageFile } from '../../protocol/classifying';
import type { InputSpec } from '../../protocol/payload';
import type { RecoveryResult, WantedRecovery } from '../../protocol/recovering';
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
  /** How fixed copies are recovered before they are measured; without it they keep the original's weights. */
  readonly recovery?: WantedRecovery | undefined;
}

/** Follows the calls of a run. */
export interface VariantFollowers {
  /** @param variants that the call measures */
  measuring(variants: number): CallFollower<CallProgress<'measure-variants'>>;
  /** @param label of the copy that is recovered */
  recovering(label: string): CallFollower<CallProgress<'recover'>>;
}

/** One model of a comparison and what was measured of it. */
export interface MeasuredVariant extends VariantResult {
  readonly backend: string;
}

/** The variant that is none. */
export const asItIs: VariantSpec = { label: t('as it is'), plans: [] };

/** Measures a model and fixed copies of it, made in memory, on the same inputs with the same settings. */
export class VariantRun {
  readonly metric: Metric;
  /** As text; a guess is made once, for the model as it is. */
  readonly preprocessing: string;
  private readonly wanted: WantedPreprocessing;

  constructor(
    private readonly client: EngineClient,
    readonly model: PlacedModel,
    private readonly options: VariantOptions,
    private readonly followers: VariantFollowers,
  ) {
    this.metric = options.metric;
    const chosen = options.preprocessing === undefined ? model.preprocessing : askedPreprocessing(options.preprocessing);
    this.preprocessing = chosen.name;
    this.wanted = chosen.preprocessing;
  }

  /** Whether the run has images of its own to classify. */
  get hasImages(): boolean {
    return this.options.images.length > 0;
  }

  /**
   * One result for each variant; what they share is run once.
   * @param heldOut images that are classified where the run has none of its own
   * @throws ModelError, EngineError
   */
  async measure(variants: readonly VariantSpec[], heldOut: readonly ImageFile[] = []): Promise<readonly MeasuredVariant[]> {
    const { metric, client, model, wanted } = this;
    const { input, pairs, seed, size, memoryBudgetBytes } = this.options;
    const images = this.hasImages ? this.options.images : heldOut;
    const options = { metric, preprocessing: wanted, memoryBudgetBytes, ...(size && { size }) };
    const { backend, variants: results } = await client.call(
      'measure-variants',
      { model: model.sent, variants, input, options, images, pairs, seed },
      this.followers.measuring(variants.length),
    );
    return results.map((result) => ({ ...result, backend }));
  }

  /** New weights for a fixed copy; undefined where the run recovers none. @throws ModelError, EngineError */
  async recover({ label, plans }: VariantSpec): Promise<RecoveryResult | undefined> {
    const { recovery } = this.options;
    if (recovery === undefined) return undefined;
    return this.client.call('recover', { model: this.model.sent, plans, ...recovery }, this.followers.recovering(label));
  }
}

/** For every heatmap of the original that of the layer that does its work in a variant; undefined where it has none. */
export function heatmapsBeside(original: MeasuredVariant, variant: MeasuredVariant): readonly (Heatmap | undefined)[] {
  const byName = new Map(variant.measurement.heatmaps.map((heatmap) => [heatmap.layer.name, heatmap]));
  const layersOf = ({ measurement }: MeasuredVariant) => measurement.heatmaps.map(({ layer }) => layer);
  return counterparts(layersOf(original), layersOf(variant)).map((layer) => layer && byName.get(layer.name));
}

/** Mean of the deepest map of a variant, by the original's layer. */
export function lastMean(original: MeasuredVariant, variant: MeasuredVariant): number | null {
  const last = lastSpatial(original.measurement.heatmaps);
  const index = last === undefined ? -1 : original.measurement.heatmaps.indexOf(last);
  return heatmapsBeside(original, variant)[index]?.mean ?? null;
}
