import type { AxisPair, ModelGraph } from '../../core/graph/model-graph';
import type { FailedImage, ImageRow } from '../../core/consistency/image-row';
import type { WantedPreprocessing } from '../../core/input/preprocessing';
import type { DeployedMeasurement, ShiftGrid } from '../../core/equivariance/measure/deployed';
import type { FeatureMaps, FeatureRequest } from '../../core/equivariance/measure/feature-maps';
import type { Heatmap, Measurement, Metric } from '../../core/equivariance/measure/measurement';
import type { MeasuredLayer } from '../../core/equivariance/plan/measure-plan';
import type { PatchOutcome } from '../../core/formats/format';
import type { ModelErrorCode } from '../../core/model-error';
import type { BlurPlan } from '../../core/rewrite/plan';

/** A model as sent to the engine process: the (possibly unsaved) file, and where its weight files lie. */
export interface ModelPayload {
  /** Shown in messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Folder on disk that weight shards and external data are read from; nothing outside it is opened. */
  readonly folder: string;
  /** Files not yet written, by path relative to `folder`; they win over the disk. */
  readonly overlay: Readonly<Record<string, Uint8Array>>;
}

/** What the model is shown. */
export type InputSpec =
  | { readonly kind: 'pattern' }
  | { readonly kind: 'image'; readonly path: string; readonly bytes: Uint8Array }
  /** The input tensor verbatim, in the model's own layout, batch 1. */
  | { readonly kind: 'tensor'; readonly shape: readonly number[]; readonly data: Float32Array };

export interface MeasureOptions {
  readonly metric: Metric;
  /** Upper bound for feature maps held at once. */
  readonly memoryBudgetBytes: number;
  /** How images and the test pattern are scaled; guessed from the model without it. */
  readonly preprocessing?: WantedPreprocessing;
  /** Image size where the model leaves it open, `[height, width]` in pixels. */
  readonly size?: AxisPair;
}

export interface DeployedMeasureOptions extends MeasureOptions {
  readonly pattern: ShiftGrid['pattern'];
  /** Largest shift along each axis in pixels; a quarter of the side without it. */
  readonly largest?: number;
  /** Pixels between shifts; without it so many that a side of the grid holds nine at most. */
  readonly step?: number;
}

/** Which feature maps are wanted, and what they are made with. */
export interface FeatureOptions extends MeasureOptions, FeatureRequest {}

/** An image on disk; the engine reads it when its turn comes. */
export interface ImageFile {
  /** Relative to its folder, with slashes; the shifts drawn for it depend on it. */
  readonly name: string;
  readonly path: string;
  /** Index of its true class, where it is known. */
  readonly label: number | null;
}

/** Circular: the image rolls and all padding wraps. Deployed: the model as it is, on crops of a larger canvas. */
export type Protocol = 'circular' | 'deployed';

export interface ClassifyOptions {
  /** Without it circular where the model's output can be had so, else deployed. */
  readonly protocol?: Protocol;
  /** Pairs of shifts drawn per image. */
  readonly pairs: number;
  readonly seed: number;
  readonly memoryBudgetBytes: number;
  readonly preprocessing?: WantedPreprocessing;
  /** Image size where the model leaves it open, `[height, width]` in pixels. */
  readonly size?: AxisPair;
}

/** What a classification was done with; two of them can be joined or compared where these agree. */
export interface ClassifySettings {
  readonly backend: string;
  readonly protocol: Protocol;
  /** Why this protocol, as a clause; empty where it was asked for. */
  readonly protocolReason: string;
  readonly size: AxisPair;
  /** A preset, or numbers as text. */
  readonly preprocessing: string;
  readonly preprocessingReason: string;
  readonly notes: readonly string[];
}

/** What a folder of images came to. */
export interface Classification {
  readonly settings: ClassifySettings;
  readonly rows: readonly ImageRow[];
  readonly failed: readonly FailedImage[];
}

/** A model as it is, with no plans, or a copy with these applied in memory. */
export interface VariantSpec {
  /** What it is called while it is measured. */
  readonly label: string;
  readonly plans: readonly BlurPlan[];
}

/** What a variant came to. */
export interface VariantResult {
  readonly graph: ModelGraph;
  readonly outcomes: readonly PatchOutcome[];
  readonly measurement: Measurement;
  /** Undefined without images. */
  readonly classification: Classification | undefined;
}

/** What can be written to a folder. */
export type WritableMaps = Measurement | DeployedMeasurement | FeatureMaps;

/** Host to engine process. */
export type EngineRequest =
  | {
      readonly kind: 'measure';
      readonly id: number;
      readonly model: ModelPayload;
      readonly input: InputSpec;
      readonly options: MeasureOptions;
    }
  /** Heatmaps of the model as it is, on crops of a larger canvas. */
  | {
      readonly kind: 'measure-deployed';
      readonly id: number;
      readonly model: ModelPayload;
      readonly input: InputSpec;
      readonly options: DeployedMeasureOptions;
    }
  /** Feature maps of one layer under the circular protocol, for the image as it is and shifted. */
  | {
      readonly kind: 'features';
      readonly id: number;
      readonly model: ModelPayload;
      readonly input: InputSpec;
      readonly options: FeatureOptions;
    }
  /** Classifies shifted images of a folder. */
  | {
      readonly kind: 'classify';
      readonly id: number;
      readonly model: ModelPayload;
      readonly images: readonly ImageFile[];
      readonly options: ClassifyOptions;
    }
  /** Measures variants of one model, and classifies images, if any, with each of them. */
  | {
      readonly kind: 'measure-variants';
      readonly id: number;
      readonly model: ModelPayload;
      readonly variants: readonly VariantSpec[];
      readonly input: InputSpec;
      readonly options: MeasureOptions;
      readonly images: readonly ImageFile[];
      readonly pairs: ClassifyOptions['pairs'];
      readonly seed: ClassifyOptions['seed'];
    }
  /** Runs the unchanged model once: the proof that a file loads in its runtime. */
  | { readonly kind: 'run'; readonly id: number; readonly model: ModelPayload; readonly input: InputSpec }
  /** Writes heatmaps or feature maps to a folder, as arrays and pictures. */
  | { readonly kind: 'write-maps'; readonly id: number; readonly folder: string; readonly maps: WritableMaps }
  | { readonly kind: 'cancel'; readonly id: number };

/** Engine process to host. Every request but `cancel` ends with exactly one of `measured`, `deployed`, `features`, `classified`, `variants`, `ran`, `wrote`, `failed`, `cancelled`. */
export type EngineEvent =
  | {
      readonly kind: 'started';
      readonly id: number;
      /** Which runtime runs and why, for example `tfjs WASM (tfjs-node is not installed)`. */
      readonly backend: string;
      readonly size: AxisPair;
      /** All heatmaps to expect, in depth order. */
      readonly layers: readonly MeasuredLayer[];
      readonly notes: readonly string[];
      readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
    }
  | { readonly kind: 'heatmap'; readonly id: number; readonly index: number; readonly heatmap: Heatmap }
  /** Share of the known work that is done, 0 to 1; of variants with the names of those that are worked on. */
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly label?: string }
  | { readonly kind: 'measured'; readonly id: number; readonly backend: string; readonly measurement: Measurement }
  | {
      readonly kind: 'deployed';
      readonly id: number;
      readonly backend: string;
      readonly measurement: DeployedMeasurement;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'features';
      readonly id: number;
      readonly backend: string;
      readonly maps: FeatureMaps;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'row'; readonly id: number; readonly row: ImageRow | FailedImage }
  | ({ readonly kind: 'classified'; readonly id: number } & Classification)
  /** In the order of the request. */
  | { readonly kind: 'variants'; readonly id: number; readonly backend: string; readonly variants: readonly VariantResult[] }
  | { readonly kind: 'ran'; readonly id: number; readonly backend: string; readonly outputs: readonly RunOutput[] }
  | { readonly kind: 'wrote'; readonly id: number }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: EngineErrorCode; readonly message: string };

export interface RunOutput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export type EngineErrorCode = ModelErrorCode | 'engine-exited' | 'cancelled' | 'internal';

/** The error an engine client rejects with; `message` is a full sentence for the user. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: EngineErrorCode,
    message: string,
  ) {
    super(message);
  }
}
