import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { ModelPayload } from '../../protocol/payload';

/** What a worker thread is told, in this order for every model. */
export type WorkerRequest =
  | { readonly kind: 'open'; readonly model: number; readonly payload: ModelPayload; readonly plan: MeasurePlan }
  /** A level to run, on its part of a batch. */
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly model: number;
      readonly level: number;
      readonly feeds: ReadonlyMap<string, TensorBatch>;
    }
  | { readonly kind: 'close'; readonly model: number };

/** What a worker answers: that it has a model open, if it can, and then once for every run. */
export type WorkerAnswer =
  | { readonly kind: 'ready'; readonly model: number }
  | { readonly kind: 'ran'; readonly id: number; readonly fetches: ReadonlyMap<string, TensorBatch> }
  | { readonly kind: 'failed'; readonly id: number };
