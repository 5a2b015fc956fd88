import type { AxisPair } from '../../graph/model-graph';
import type { PendingPadding } from './circular-window';
import { commonMultiple } from '../../graph/period';
import type { TokenAxis } from '../tokens/token-axes';

/** What a tensor is when the image is shifted and every border wraps. */
export type CircularState = SpatialState | GlobalState | TokensState | PositionalState | OmittedState;

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

/**
 * A value whose positions are not axes of a map, as in attention: shifting the image by a multiple of `period` reorders them like those
 * of the map.
 */
export interface TokensState {
  readonly kind: 'tokens';
  /** Q of the map. */
  readonly stride: AxisPair;
  /** N: a multiple of Q. */
  readonly period: AxisPair;
  /** Height and width of the map, as the model declares them. */
  readonly size: AxisPair;
  readonly axes: readonly TokenAxis[];
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

/** Whether a Pad layer in front still waits for a window layer. */
export function isPending({ pending }: SpatialState): boolean {
  return [...pending.begin, ...pending.end].some((amount) => amount !== 0);
}

/** The period of what is computed from values that have one. */
export function jointPeriod(states: readonly CircularState[]): AxisPair {
  return states.reduce<AxisPair>(
    (period, state) => (state.kind === 'positional' || state.kind === 'omitted' ? period : commonMultiple(period, state.period)),
    [1, 1],
  );
}
