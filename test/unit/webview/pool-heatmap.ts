import type { MeasuredHeatmap } from '../../../webview/heatmap/reading';

/** A tile of two rows and three columns. */
export const heatmap: MeasuredHeatmap = {
  index: 0,
  name: 'pool',
  layer: 'pool',
  label: 'pool',
  node: 'pool',
  tensor: 'pool',
  op: 'MaxPool',
  channels: 4,
  size: [6, 4],
  spatialStride: [2, 3],
  period: [2, 3],
  step: [1, 1],
  repeats: true,
  tile: [1, 0.9, 0.8, 0.7, 0.6, 0.5],
  before: [],
  mean: 0.75,
  min: 0.5,
};
