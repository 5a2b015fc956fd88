import type { FeatureMaps } from '../equivariance/measure/feature-maps';
import { namesOf, type NamedLayer } from '../graph/layer-labels';
import type { AxisPair } from '../graph/model-graph';
import { mapName } from './measure-report';

/** What `shiftlint features --json` prints; a public contract. */
export interface FeaturesReport {
  readonly model: string;
  readonly backend: string;
  readonly protocol: 'circular';
  readonly metric: FeatureMaps['metric'];
  readonly input: { readonly height: number; readonly width: number };
  readonly layer: NamedLayer & {
    /** The tensor for ONNX, the layer for TensorFlow.js. */
    readonly name: string;
    readonly op: string;
    /** `[channels, height, width]` of the whole feature map. */
    readonly shape: readonly [number, number, number];
    readonly spatialStride: AxisPair;
    readonly period: AxisPair;
  };
  /** In pixels down and right, within the image. */
  readonly shift: AxisPair;
  /** Of the whole feature map; null where it is zero, shifted or not. */
  readonly equivariance: number | null;
  /** The channels that were written, counted from 0. */
  readonly channels: { readonly first: number; readonly count: number };
  /** File names under the folder given with `--maps`. */
  readonly maps: { readonly original: string; readonly shifted: string };
  readonly notes: readonly string[];
  /** Every file that was written. */
  readonly files: readonly string[];
}

/** Names of the files of a layer's maps, without extension. */
export function featureNames({ index, layer }: FeatureMaps): { readonly original: string; readonly shifted: string } {
  const name = mapName(index, layer.label);
  return { original: `${name}.original`, shifted: `${name}.shifted` };
}

/** Shapes feature maps for scripts. */
export function featuresReport(
  model: string,
  backend: string,
  maps: FeatureMaps,
  notes: readonly string[],
  files: readonly string[],
): FeaturesReport {
  const { layer, metric, imageSize, shift, equivariance, channels } = maps;
  const names = featureNames(maps);
  return {
    model,
    backend,
    protocol: 'circular',
    metric,
    input: { height: imageSize[0], width: imageSize[1] },
    layer: {
      name: layer.name,
      ...namesOf(layer),
      op: layer.op,
      shape: [layer.channels, ...layer.size],
      spatialStride: layer.spatialStride,
      period: layer.period,
    },
    shift,
    equivariance,
    channels,
    maps: { original: `${names.original}.npy`, shifted: `${names.shifted}.npy` },
    notes,
    files,
  };
}
