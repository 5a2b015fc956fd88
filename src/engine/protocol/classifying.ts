import type { FailedImage, ImageRow } from '../../core/consistency/image-row';
import type { AxisPair } from '../../core/graph/model-graph';
import type { WantedPreprocessing } from '../../core/input/preprocessing';

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

/** What a folder of images is classified with. */
export interface ClassifyOptions {
  /** Without it circular where the model's output can be had so, else deployed. */
  readonly protocol?: Protocol;
  /** Pairs of shifts drawn per image. */
  readonly pairs: number;
  readonly seed: number;
  readonly memoryBudgetBytes: number;
  /** How many images there are where a call has but a part of them; what runs the model is chosen for all of them alike. */
  readonly imagesInAll?: number;
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

/** An image is done. */
export interface RowDone {
  readonly kind: 'row';
  readonly row: ImageRow | FailedImage;
}
