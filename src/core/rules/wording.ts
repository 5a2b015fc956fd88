import type { AxisPair, Layer, Window } from '../graph/model-graph';

/** `MaxPool "pool1"`: how messages introduce a layer. */
export function layerTitle(layer: Layer): string {
  return `${layer.op} "${layer.name}"`;
}

/** `3x3`, `1x2`: a kernel as people write it. */
export function kernelText(window: Window): string {
  return window.kernel.join('x');
}

/** `2`, or `2x1` where the axes differ. */
export function strideText([y, x]: AxisPair): string {
  return y === x ? `${y}` : `${y}x${x}`;
}
