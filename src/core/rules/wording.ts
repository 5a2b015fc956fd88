import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';

/** `MaxPool "pool1"`: how messages introduce a layer. */
export function layerTitle(layer: Layer): string {
  return `${layer.op} "${labelOf(layer)}"`;
}

/** `3x3`, `1x2`: a kernel as people write it, `?` where a length is unknown. */
export function kernelText(kernel: readonly (number | null)[]): string {
  return kernel.map((length) => (length === null ? '?' : Math.round(length * 100) / 100)).join('x');
}

/** `2`, or `2x1` where the axes differ. */
export function strideText(stride: readonly (number | null)[]): string {
  return kernelText(new Set(stride).size === 1 ? stride.slice(0, 1) : stride);
}
