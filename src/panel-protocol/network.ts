import type { WeightFacts } from '../core/report/layer-facts';
import type { NetworkInput, NetworkNode } from '../core/report/network';

export type { LayerFacts, WeightFacts } from '../core/report/layer-facts';
export type { NetworkEdge, NetworkInput, NetworkNode } from '../core/report/network';

/** Layers and what connects them, as many as are sent at a time. */
export interface NetworkPart {
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly NetworkNode[];
}

/** What the weights of a layer come to, or why they could not be read. */
export interface WeightsMessage {
  readonly kind: 'weights';
  readonly layer: string;
  readonly weights: readonly WeightFacts[];
  readonly error: string | null;
}
