import type { AxisPair } from '../core/graph/model-graph';
import type { FeatureMaps } from '../core/equivariance/measure/feature-maps';
import type { Metric } from '../core/equivariance/measure/measurement';
import type { AdviceReport, CompareReport } from '../core/report/compare-report';
import type { ConsistencyReport } from '../core/report/consistency-report';
import type { BlurFilterName } from '../core/rewrite/filters';
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
  /** False where every shift has a value of its own, and the period is only the extent of the map. */
  readonly repeats: boolean;
  /** Row-major `[periodY / stepY, periodX / stepX]`, rounded up; null until measured. */
  readonly tile: readonly number[] | null;
  readonly mean: number | null;
  readonly min: number | null;
}

/** What the panel can run. */
export type TaskName = 'measure' | 'consistency' | 'compare' | 'advise';

/** How a task stands. */
export type TaskView =
  | { readonly state: 'idle' }
  /** `step` names the part of the work that runs now, where there are several. */
  | { readonly state: 'running'; readonly done: number; readonly backend: string | null; readonly step: string | null }
  | {
      readonly state: 'finished';
      readonly backend: string;
      readonly elapsedMs: number;
      /** Kept from an earlier run of the same model, input and options. */
      readonly restored: boolean;
      /** The model, the input or the options have changed since. */
      readonly stale: boolean;
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string };

/** The user's choices for one model, remembered with it. */
export interface StudyChoices {
  readonly metric: Metric;
  /** A preset or numbers, as `preprocessingText` writes them; null leaves it to the guess. */
  readonly preprocessing: string | null;
  /** Image size where the model leaves it open; null for the usual one. */
  readonly size: AxisPair | null;
  readonly protocol: 'circular' | 'deployed';
  /** Shifts of the deployed protocol, in pixels; null for what fits the image. */
  readonly pattern: 'grid' | 'diagonal';
  readonly largest: number | null;
  readonly step: number | null;
  /** Pairs of shifts per image, and the seed they are drawn with. */
  readonly pairs: number;
  readonly seed: number;
  /** What is compared with the model as it is. */
  readonly filters: readonly BlurFilterName[];
  /** Multiply-adds that the best set of fixes may add, in per cent. */
  readonly within: number;
}

/** What the tasks run with. */
export interface InputsView {
  /** Null for the built-in test pattern. */
  readonly imageName: string | null;
  /** Folder of images for consistency; null until one is chosen. */
  readonly folderName: string | null;
  readonly choices: StudyChoices;
  /** What the model file tells of its input; null where it cannot be measured. */
  readonly facts: {
    readonly layout: string;
    readonly channels: number;
    /** Null where the model leaves it open. */
    readonly declaredSize: readonly [number | null, number | null];
    /** What holds where the user has chosen no preprocessing. */
    readonly guess: { readonly name: string; readonly reason: string };
  } | null;
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
  /** Share of the shifts per class, most first. */
  readonly shares: readonly { readonly label: number; readonly share: number }[];
}

/** Feature maps that the page asks for, under the circular protocol. */
export interface WantedFeatures {
  /** Name of the heatmap. */
  readonly layer: string;
  /** In pixels down and right. */
  readonly shift: AxisPair;
  /** The first channel. */
  readonly first: number;
}

/** How it stands with them. */
export type FeaturesView =
  | { readonly state: 'running'; readonly wanted: WantedFeatures }
  | { readonly state: 'shown'; readonly wanted: WantedFeatures; readonly maps: FeatureMaps }
  | { readonly state: 'failed'; readonly wanted: WantedFeatures; readonly message: string };

/** Host to webview. */
export type ToWebview =
  | { readonly kind: 'model'; readonly model: ModelView }
  | { readonly kind: 'inputs'; readonly inputs: InputsView }
  | { readonly kind: 'task'; readonly task: TaskName; readonly view: TaskView }
  /** Starts a new set of heatmaps, in depth order; those still to come have no tile. */
  | {
      readonly kind: 'heatmaps';
      readonly frame: ShiftFrame;
      readonly heatmaps: readonly HeatmapView[];
      readonly notes: readonly string[];
      readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
    }
  | { readonly kind: 'heatmap'; readonly heatmap: HeatmapView }
  /** Null where the model gives no class scores for every shift. */
  | { readonly kind: 'classes'; readonly classes: ClassMapView | null }
  | { readonly kind: 'features'; readonly view: FeaturesView }
  | { readonly kind: 'consistency'; readonly report: ConsistencyReport }
  | { readonly kind: 'compare'; readonly report: CompareReport }
  | { readonly kind: 'advise'; readonly report: AdviceReport }
  | { readonly kind: 'show-tab'; readonly tab: PanelTab };

export const panelTabs = ['layers', 'equivariance', 'consistency', 'compare'] as const;

export type PanelTab = (typeof panelTabs)[number];

/** Webview to host. */
export type FromWebview =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fix'; readonly layer: string }
  | { readonly kind: 'fix-all' }
  | { readonly kind: 'start'; readonly task: TaskName }
  | { readonly kind: 'cancel'; readonly task: TaskName }
  | { readonly kind: 'show-features'; readonly wanted: WantedFeatures }
  /** Nobody looks at them any more. */
  | { readonly kind: 'cancel-features' }
  | { readonly kind: 'choose'; readonly choices: Partial<StudyChoices> }
  | { readonly kind: 'choose-image' }
  | { readonly kind: 'use-pattern' }
  | { readonly kind: 'choose-folder' }
  | { readonly kind: 'export'; readonly task: TaskName }
  | { readonly kind: 'open-docs'; readonly rule: string }
  | { readonly kind: 'reveal-layer'; readonly layer: string };
