import type { AxisPair } from '../../core/graph/model-graph';
import type { Picture } from '../../core/input/picture';
import type { WantedPreprocessing } from '../../core/input/preprocessing';
import type { DeployedMeasurement, ShiftGrid } from '../../core/equivariance/measure/deployed';
import type { FeatureMaps, FeatureRequest } from '../../core/equivariance/measure/feature-maps';
import type { Heatmap, Measurement, Metric } from '../../core/equivariance/measure/measurement';
import type { MeasuredLayer, OmittedLayer } from '../../core/equivariance/plan/measure-plan';

/** What every measurement is made with. */
export interface MeasureOptions {
  readonly metric: Metric;
  /** Upper bound for feature maps held at once. */
  readonly memoryBudgetBytes: number;
  /** How images and the test pattern are scaled; guessed from the model without it. */
  readonly preprocessing?: WantedPreprocessing;
  /** Image size where the model leaves it open, `[height, width]` in pixels. */
  readonly size?: AxisPair;
}

/** What a measurement under the deployed protocol is made with. */
export interface DeployedMeasureOptions extends MeasureOptions {
  readonly pattern: ShiftGrid['pattern'];
  /** Largest shift along each axis in pixels; a quarter of the side without it. */
  readonly largest?: number;
  /** Pixels between shifts; without it so many that a side of the grid holds nine at most. */
  readonly step?: number;
}

/** Which feature maps are wanted, and what they are made with. */
export interface FeatureOptions extends MeasureOptions, FeatureRequest {}

/** Sent once it is known what will be run, before the model is opened. */
export interface MeasuringStarted {
  readonly kind: 'started';
  /** Which runtime runs and why, for example `tfjs WASM (tfjs-node is not installed)`. */
  readonly backend: string;
  readonly size: AxisPair;
  /** All heatmaps to expect, in depth order. */
  readonly layers: readonly MeasuredLayer[];
  readonly notes: readonly string[];
  readonly omitted: readonly OmittedLayer[];
}

/** The same where heatmaps are to be looked at. */
export interface MeasuringShown extends MeasuringStarted {
  /** What the model is shown; null where that is no picture. */
  readonly picture: Picture | null;
}

/** A layer is done. */
export interface HeatmapDone {
  readonly kind: 'heatmap';
  /** Among the layers that were announced. */
  readonly index: number;
  readonly heatmap: Heatmap;
}

/** How far a call is. */
export interface ShareDone {
  readonly kind: 'share';
  /** Share of the known work, 0 to 1. */
  readonly done: number;
  /** The variants that are worked on, by name, or the first of the layers whose weights are solved. */
  readonly label?: string;
}

/** What can be written to a folder. */
export type WritableMaps = Measurement | DeployedMeasurement | FeatureMaps;
