import type { Heatmap } from '../core/equivariance/measurement';
import type { MeasuredLayer } from '../core/equivariance/measure-plan';
import type { HeatmapView } from './webview-protocol';

/** A heatmap that is expected but not measured yet. */
export function expectedHeatmap(layer: MeasuredLayer, index: number): HeatmapView {
  const { name, op, channels, size, spatialStride, period, step } = layer;
  return { index, name, op, channels, size, spatialStride, period, step, tile: null, mean: null, min: null };
}

/** A measured heatmap. */
export function measuredHeatmap({ layer, tile, mean, min }: Heatmap, index: number): HeatmapView {
  return { ...expectedHeatmap(layer, index), tile: Array.from(tile), mean, min };
}
