import type { AxisPair } from '../core/graph/model-graph';
import type { Heatmap, Measurement, Metric } from '../core/equivariance/measurement';
import type { MeasuredLayer } from '../core/equivariance/measure-plan';
import type { ModelErrorCode } from '../core/formats/format';

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
}

/** Host to engine process. */
export type EngineRequest =
  | {
      readonly kind: 'measure';
      readonly id: number;
      readonly model: ModelPayload;
      readonly input: InputSpec;
      readonly options: MeasureOptions;
    }
  /** Runs the unchanged model once: the proof that a file loads in its runtime. */
  | { readonly kind: 'run'; readonly id: number; readonly model: ModelPayload; readonly input: InputSpec }
  | { readonly kind: 'cancel'; readonly id: number };

/** Engine process to host. Every request but `cancel` ends with exactly one of `measured`, `ran`, `failed`, `cancelled`. */
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
  /** Share of the known work that is done, 0 to 1. */
  | { readonly kind: 'progress'; readonly id: number; readonly done: number }
  | { readonly kind: 'measured'; readonly id: number; readonly backend: string; readonly measurement: Measurement }
  | { readonly kind: 'ran'; readonly id: number; readonly backend: string; readonly outputs: readonly RunOutput[] }
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
