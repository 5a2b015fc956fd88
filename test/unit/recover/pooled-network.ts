import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { inMemory } from '../engine-onnx/measuring';
import { NetworkBuilder } from '../engine-onnx/network-builder';

/** A 3x3 window that keeps the size of its map. */
export const threes = { kernel: [3, 3], pads: [1, 1, 1, 1] };

/** A convolution and a max-pool, which is fixed, and what stands behind it. */
export function pooled(behind: (builder: NetworkBuilder, map: string) => string): ModelPayload {
  const builder = new NetworkBuilder();
  const first = builder.node('Relu', [builder.convolution('image', { from: 3, to: 8 }, threes)]);
  return inMemory(builder.build([3, 16, 16], behind(builder, builder.maxPool(first, { kernel: [2, 2], stride: [2, 2] }))));
}

/** Depthwise and grouped convolutions, the one without a bias in front of a normalisation, a shortcut of 1x1, and a dense head. */
export function residual(builder: NetworkBuilder, map: string): string {
  const depthwise = builder.node('Relu', [builder.normalise(builder.convolution(map, { from: 8, to: 8, groups: 8 }, threes), 8)]);
  const main = builder.convolution(depthwise, { from: 8, to: 8, groups: 2 }, threes);
  const sum = builder.node('Relu', [builder.node('Add', [main, builder.convolution(map, { from: 8, to: 8 }, { kernel: [1, 1] })])]);
  return builder.dense(builder.node('Flatten', [builder.node('GlobalAveragePool', [sum])]), 8, 5);
}
