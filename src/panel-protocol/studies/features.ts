import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import type { AxisPair } from '../core/geometry';

export type { FeatureMaps };

/** Feature maps that the page asks for, under the circular protocol. */
export interface WantedFeatures {
  /** `name` of the heatmap. */
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

/** What the study of feature maps shows. */
export interface FeaturesMessage {
  readonly kind: 'features';
  readonly view: FeaturesView;
}
