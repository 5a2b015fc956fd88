import type { AxisPair } from '../graph/model-graph';
import type { PendingPadding } from './circular-window';

/** What a tensor is when the image is shifted and every border wraps. */
export type CircularState = SpatialState | GlobalState | PositionalState | OmittedState;

/** A feature map: shifting the image by a multiple of `period` rolls it. */
export interface SpatialState {
  readonly kind: 'spatial';
  /** Q: image pixels per sample. */
  readonly stride: AxisPair;
  /** N: a multiple of Q. */
  readonly period: AxisPair;
  /** Padding of Pad layers in front that the next window layer takes over. */
  readonly pending: PendingPadding;
}

/** A value without positions, as behind a global pool: shifting the image by a multiple of `period` does not change it. */
export interface GlobalState {
  readonly kind: 'global';
  readonly period: AxisPair;
}

/** A value that was mixed from several positions (flatten + dense, a positional embedding): it differs for every shift. */
export interface PositionalState {
  readonly kind: 'positional';
  /** Set where it has positions again; its period is the image. */
  readonly map?: SpatialState;
}

/** A value the pass cannot follow; the reason is a full sentence. */
export interface OmittedState {
  readonly kind: 'omitted';
  readonly reason: string;
}
