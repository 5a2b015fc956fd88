import type { AxisPair } from '../graph/model-graph';
import type { MeasuredLayer } from './measure-plan';

/** How two feature maps are compared: cosine of the flattened maps, or mean over positions of the cosine along channels. */
export type Metric = 'flat' | 'channel';

/** Equivariance of one layer over all shifts. */
export interface Heatmap {
  readonly layer: MeasuredLayer;
  /** E[s] for s in [0, period), row-major `[periodY, periodX]`; the map over the whole image repeats it. */
  readonly tile: Float32Array;
  readonly mean: number;
  readonly min: number;
}

/** The model's first output for every shift, row-major `[periodY, periodX, values]`; repeats over the image. */
export interface OutputMap {
  readonly name: string;
  readonly period: AxisPair;
  /** Numbers per shift (the output flattened, batch left out). */
  readonly values: number;
  readonly tile: Float32Array;
}

/** Everything one run yields. Only this leaves the engine, never activations. */
export interface Measurement {
  readonly metric: Metric;
  readonly size: AxisPair;
  readonly heatmaps: readonly Heatmap[];
  readonly output: OutputMap | { readonly reason: string };
  readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** Repeats a tile over the image: `[size[0], size[1], values]`, row-major. Works for heatmaps with `values` 1. */
export function expandTile(tile: Float32Array, period: AxisPair, size: AxisPair, values = 1): Float32Array {
  const [height, width] = size;
  const expanded = new Float32Array(height * width * values);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((y % period[0]) * period[1] + (x % period[1])) * values;
      expanded.set(tile.subarray(from, from + values), (y * width + x) * values);
    }
  }
  return expanded;
}
