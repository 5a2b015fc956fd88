import { t } from '@vscode/l10n';
import type { Layer, Window } from '../graph/model-graph';

/**
 * Weights of a linear layer as numbers. `weights` is `[outputs, unknowns]`, an output's unknowns in the order `[channel of its group,
 * ...kernel]`; outputs of one group stand together.
 */
export interface LinearWeights {
  readonly weights: Float32Array;
  /** One an output; undefined where the layer has none. */
  readonly bias: Float32Array | undefined;
}

/** A layer that is linear in its one input: a convolution of any grouping, or a dense layer. */
export interface LinearLayer {
  readonly layer: string;
  /** Undefined for a dense layer, which mixes the last axis of its input. */
  readonly window: Window | undefined;
  readonly groups: number;
  /** Of all groups together. */
  readonly outputs: number;
  /** Inputs of one output, the bias aside: channels of its group times the kernel's size. */
  readonly unknowns: number;
  /**
   * Where a bias can be kept without new structure: the layer has one, a sum or normalisation behind it takes it, or there is no place.
   */
  readonly biasPlace: 'own' | 'behind' | 'none';
  /** @throws ModelError where the weights cannot be read */
  read(): Promise<LinearWeights>;
}

/** A layer that is linear but has to keep its weights, and why: a clause that follows "because". */
export interface UnsolvableLayer {
  readonly reason: string;
}

/** Of a layer that no format solves: why, where it holds weights. */
export function unsolvableKind({ operation, op, sealed }: Layer): UnsolvableLayer | undefined {
  return operation.kind === 'convolution' || operation.kind === 'transposed-convolution'
    ? { reason: sealed ?? t`the weights of a ${op} cannot be solved for` }
    : undefined;
}

/** How a format tells its linear layers; undefined for layers that are not linear. */
export type LinearLookup = (layer: Layer) => LinearLayer | UnsolvableLayer | undefined;

/** New weights by layer. */
export type NewWeights = ReadonlyMap<string, LinearWeights>;
