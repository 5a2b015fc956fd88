import { encodeIntegerTensor, encodeNode } from '../../wire/write';
import type { BlockedMaps } from './blocked-maps';

/** Weights of a convolution, `[out, in, height, width]`, by the channels that they are filled up to. */
export interface ConvolutionWeights {
  readonly tensor: string;
  readonly dims: readonly [number, number, number, number];
  readonly padded: { readonly output: number; readonly input: number };
  /** Whether the channels that are read lie in blocks too: else they are those of the model, or one for each group. */
  readonly readsBlocks: boolean;
}

/**
 * Weights in the order in which the runtime's convolutions on blocks read them: `[out / block, in / block, y, x, in block, out block]`, or
 * `[out / block, in, y, x, out block]`. The runtime computes it once, as it opens the level.
 */
export function blockedWeights(maps: BlockedMaps, { tensor, dims, padded, readsBlocks }: ConvolutionWeights, prefix: string): string {
  const [output, input, height, width] = dims;
  const { block } = maps;
  const filled = padZeros(maps, tensor, [padded.output - output, padded.input - input, 0, 0], `${prefix}/weights`);
  const taps = height * width;
  const [cut, order] = readsBlocks
    ? [
        [padded.output / block, block, padded.input / block, block, taps],
        [0, 2, 4, 3, 1],
      ]
    : [
        [padded.output / block, block, padded.input, taps],
        [0, 2, 3, 1],
      ];
  const parts = maps.reshape(filled, cut, `${prefix}/weights in parts`);
  const turned = `${prefix}/weights in order`;
  maps.nodes.push(encodeNode({ opType: 'Transpose', inputs: [parts], outputs: [turned], attributes: { perm: { ints: order } } }));
  return maps.reshape(turned, [padded.output, padded.input, height, width], `${prefix}/weights in blocks`);
}

/** Constants with zeros behind their last along each axis. */
export function padZeros(maps: BlockedMaps, tensor: string, more: readonly number[], prefix: string): string {
  if (more.every((count) => count === 0)) return tensor;
  const [amounts, output] = [`${prefix}/amounts`, `${prefix}/filled`];
  const pads = [...more.map(() => 0), ...more];
  maps.initializers.push(encodeIntegerTensor(amounts, [pads.length], pads));
  maps.nodes.push(encodeNode({ opType: 'Pad', inputs: [tensor, amounts], outputs: [output] }));
  return output;
}
