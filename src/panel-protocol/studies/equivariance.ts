import type { ScoreMeaning } from '../../core/consistency/class-scores';
import type { Picture } from '../../core/input/picture';
import type { AxisPair } from '../core/geometry';
import type { NamedLayer } from '../core/layer-names';
import type { StudyChoices } from '../inputs';

export type { Picture, ScoreMeaning };

/** One heatmap as shown: the tile of one period, and how often it repeats. */
export interface HeatmapView extends NamedLayer {
  readonly index: number;
  /** Names it to the engine. */
  readonly name: string;
  readonly op: string;
  readonly channels: number;
  readonly size: AxisPair;
  readonly spatialStride: AxisPair;
  readonly period: AxisPair;
  /** Pixels between the shifts that were run; 1 but in tails that have a value of their own for every shift. */
  readonly step: AxisPair;
  /** False where every shift has a value of its own, and the period is only the extent of the map. */
  readonly repeats: boolean;
  /** Row-major `[periodY / stepY, periodX / stepX]`, rounded up; null until measured. */
  readonly tile: readonly number[] | null;
  readonly mean: number | null;
  readonly min: number | null;
  /** Names of the maps that this one is made of: those nearest upstream. */
  readonly before: readonly string[];
}

/** Which shifts the maps show: `size` pixels of them along each axis from `origin` on. */
export interface ShiftFrame {
  readonly protocol: StudyChoices['protocol'];
  readonly size: AxisPair;
  readonly origin: AxisPair;
  /** One row of shifts that move down as far as to the right. */
  readonly diagonal: boolean;
}

/** Top class at every shift. */
export interface ClassMapView {
  readonly period: AxisPair;
  readonly step: AxisPair;
  /** Row-major `[periodY / stepY, periodX / stepX]`, rounded up; the first is that of the unshifted image. */
  readonly classes: readonly number[];
  /** Share of the shifts per class, most first; the name is null where nothing tells it. */
  readonly shares: readonly { readonly label: number; readonly share: number; readonly name: string | null }[];
  /** Where the names stand: a file beside the model or `metadata`; null where there are none. */
  readonly namedBy: string | null;
  readonly scores: ClassScoresView;
}

/** How sure the model is, row-major like the classes. */
export interface ClassScoresView {
  readonly meaning: ScoreMeaning;
  /** Of the class of the shift. */
  readonly top: readonly number[];
  /** Of the class of the unshifted image. */
  readonly unshifted: readonly number[];
}

/** The heatmaps of one run, in depth order; those still to come have no tile. */
export interface HeatmapSet {
  readonly frame: ShiftFrame;
  readonly heatmaps: readonly HeatmapView[];
  readonly notes: readonly string[];
  readonly omitted: readonly (NamedLayer & { readonly reason: string })[];
}

/** What a run of the heatmaps shows. */
export type EquivarianceMessage =
  /** Starts a new set. */
  | ({ readonly kind: 'heatmaps' } & HeatmapSet)
  | { readonly kind: 'heatmap'; readonly heatmap: HeatmapView }
  /** Those of the run before the latest fix, beside which the present ones stand; null for none. */
  | { readonly kind: 'former'; readonly maps: HeatmapSet | null }
  /** What the model is shown, once a run; null where that is no picture, or shifts do not roll it. */
  | { readonly kind: 'picture'; readonly picture: Picture | null }
  /** Null where the model gives no class scores for every shift. */
  | { readonly kind: 'classes'; readonly classes: ClassMapView | null };
