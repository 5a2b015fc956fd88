import type { OnnxTensor } from '../../wire/proto';
import { elementType } from '../../wire/schema';
import { elementCount, packedValues } from '../../wire/tensor-values';
import { encodeIntegerTensor, encodeNode, encodeTensor } from '../../wire/write';
import type { BlockedMaps } from './blocked-maps';

/** Weights of a convolution, `[out, in, height, width]`, by the channels that they are filled up to. */
export interface ConvolutionWeights {
  readonly tensor: OnnxTensor;
  readonly dims: readonly [number, number, number, number];
  readonly padded: { readonly output: number; readonly input: number };
  /** Whether the channels that are read lie in blocks too: else they are those of the model, or one for each group. */
  readonly readsBlocks: boolean;
}

/**
 * Weights in the order in which the runtime's convolutions on blocks read them: `[out / block, in / block, y, x, in block, out block]`, or
 * `[out / block, in, y, x, out block]`.
 */
export function blockedWeights(maps: BlockedMaps, weights: ConvolutionWeights, prefix: string): string {
  const { tensor, padded, dims } = weights;
  const values = packedValues(tensor);
  if (values?.length !== 4 * elementCount(dims)) return foldedWeights(maps, weights, prefix);
  const name = `${prefix}/weights in blocks`;
  const laid = laidOut(values, weights, maps.block);
  const rawData = new Uint8Array(laid.buffer);
  maps.initializers.push(
    encodeTensor({ name, dims: [padded.output, padded.input, dims[2], dims[3]], dataType: elementType.float, rawData }),
  );
  maps.laidOut.add(tensor.name);
  return name;
}

/** Bits are moved, in whatever order their bytes stand. */
function laidOut(bytes: Uint8Array, { dims: [output, input, height, width], padded, readsBlocks }: ConvolutionWeights, block: number) {
  const taps = height * width;
  const values = new Uint32Array(new Uint8Array(bytes).buffer);
  const laid = new Uint32Array(padded.output * padded.input * taps);
  const wide = readsBlocks ? block : 1;
  const step = wide * block;
  let from = 0;
  for (let out = 0; out < output; out++) {
    const inner = out % block;
    const first = ((out - inner) / block) * padded.input * taps * block + inner;
    for (let channel = 0; channel < input; channel++) {
      const place = channel % wide;
      let to = first + (channel - place) * taps * block + place * block;
      for (const end = from + taps; from < end; from++, to += step) laid[to] = values[from] ?? 0;
    }
  }
  return laid;
}

/** The same of weights that lie in another file: the runtime computes it once, as it opens the level. */
function foldedWeights(maps: BlockedMaps, { tensor: { name }, dims, padded, readsBlocks }: ConvolutionWeights, prefix: string): string {
  const [output, input, height, width] = dims;
  const { block } = maps;
  const filled = padZeros(maps, name, [padded.output - output, padded.input - input, 0, 0], `${prefix}/weights`);
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
