import type { AxisPair } from '../core/graph/model-graph';
import type { Severity } from '../core/rules/rule';

/** One row of the Layers tab. */
export interface LayerRow {
  readonly name: string;
  readonly op: string;
  readonly shape: string;
  readonly stride: AxisPair | null;
  readonly cumulativeStride: AxisPair | null;
  readonly finding: FindingView | null;
}

export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly docsUrl: string;
  /** Null where the layer can be fixed, else why not. */
  readonly notFixable: string | null;
  readonly fixNotes: readonly string[];
  /** What the fix costs, for people; null where that is not known. */
  readonly price: string | null;
  /** Share of the layer's own kernels' energy beyond the new sampling limit, 0 to 1. */
  readonly aliasedEnergy: number | null;
}

/** What the editor knows of the model; replaced whole after every change. */
export interface ModelView {
  readonly fileName: string;
  readonly format: string;
  readonly producer: string;
  readonly layers: readonly LayerRow[];
  /** Layers a "fix all" would change. */
  readonly fixableCount: number;
  /** Set where the file could not be read; everything else is then empty. */
  readonly error: string | null;
  /** False in an untrusted workspace: measuring runs the model. */
  readonly mayMeasure: boolean;
}

/** One heatmap as shown: the tile of one period, and how often it repeats. */
export interface HeatmapView {
  readonly index: number;
  readonly name: string;
  readonly op: string;
  readonly channels: number;
  readonly size: AxisPair;
  readonly spatialStride: AxisPair;
  readonly period: AxisPair;
  /** Pixels between the shifts that were run; 1 but in tails that have a value of their own for every shift. */
  readonly step: AxisPair;
  /** Row-major `[periodY / stepY, periodX / stepX]`, rounded up; null until measured. */
  readonly tile: readonly number[] | null;
  readonly mean: number | null;
  readonly min: number | null;
}

/** State of the measurement. */
export type MeasureView =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly done: number; readonly backend: string | null }
  | { readonly state: 'finished'; readonly backend: string; readonly elapsedMs: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string };

/** Host to webview. */
export type ToWebview =
  | { readonly kind: 'model'; readonly model: ModelView }
  | { readonly kind: 'measure'; readonly measure: MeasureView }
  /** Starts a new set of heatmaps (all tiles null), in depth order. */
  | {
      readonly kind: 'heatmaps';
      readonly imageSize: AxisPair;
      readonly heatmaps: readonly HeatmapView[];
      readonly notes: readonly string[];
      readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
    }
  | { readonly kind: 'heatmap'; readonly heatmap: HeatmapView }
  /** Name of the image in use, null for the built-in test pattern. */
  | { readonly kind: 'input'; readonly imageName: string | null }
  | { readonly kind: 'show-tab'; readonly tab: PanelTab };

export type PanelTab = 'layers' | 'equivariance';

/** Webview to host. */
export type FromWebview =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fix'; readonly layer: string }
  | { readonly kind: 'fix-all' }
  | { readonly kind: 'measure'; readonly metric: 'flat' | 'channel' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'choose-image' }
  | { readonly kind: 'use-pattern' }
  | { readonly kind: 'open-docs'; readonly rule: string }
  | { readonly kind: 'reveal-layer'; readonly layer: string };
