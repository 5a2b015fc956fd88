import type { AxisPair } from '../../../graph/model-graph';
import { encodeIntegerTensor, encodeNode } from '../wire/write';

/** Nodes that rearrange a batch, and the constants they read. */
export interface InterleaveParts {
  readonly output: string;
  /** Encoded NodeProtos, in order. */
  readonly nodes: readonly Uint8Array[];
  /** Encoded TensorProtos. */
  readonly initializers: readonly Uint8Array[];
}

/** Runtimes compute rows of at least this many samples at full speed; a 2 x 2 map leaves most of each vector empty. */
const fullRow = 8;
const largestSmallSide = 4;

/**
 * How many images of a batch are woven into one map, per axis, so that a convolution runs on wide rows; undefined where maps
 * are wide enough. Image (i, j) of the grid takes every `grid`-th sample from (i, j) on: a dilated convolution on the
 * woven map is then the plain one on every image.
 */
export function interleaveGrid([height, width]: AxisPair): AxisPair | undefined {
  if (Math.max(height, width) > largestSmallSide) return undefined;
  return [powerOfTwo(fullRow / height), powerOfTwo(fullRow / width)];
}

/** Images in one woven map. */
export function interleavedImages(grid: AxisPair): number {
  return grid[0] * grid[1];
}

/** `[n * a * b, C, h, w]` to `[n, C, h * a, w * b]`. */
export function interleave(tensor: string, channels: number, [height, width]: AxisPair, [a, b]: AxisPair, prefix: string): InterleaveParts {
  return rearrange(tensor, [-1, a, b, channels, height, width], [0, 3, 4, 1, 5, 2], [-1, channels, height * a, width * b], prefix);
}

/** The inverse, for a map of `height` x `width` samples per image. */
export function deinterleave(
  tensor: string,
  channels: number,
  [height, width]: AxisPair,
  [a, b]: AxisPair,
  output: string,
  prefix: string,
): InterleaveParts {
  return rearrange(tensor, [-1, channels, height, a, width, b], [0, 3, 5, 1, 2, 4], [-1, channels, height, width], prefix, output);
}

function rearrange(
  tensor: string,
  split: readonly number[],
  order: readonly number[],
  joined: readonly number[],
  prefix: string,
  output = `${prefix}/joined`,
): InterleaveParts {
  const shape = (name: string, lengths: readonly number[]): Uint8Array =>
    encodeIntegerTensor(`${prefix}/${name}`, [lengths.length], lengths);
  return {
    output,
    initializers: [shape('split shape', split), shape('joined shape', joined)],
    nodes: [
      encodeNode({ opType: 'Reshape', inputs: [tensor, `${prefix}/split shape`], outputs: [`${prefix}/split`] }),
      encodeNode({
        opType: 'Transpose',
        inputs: [`${prefix}/split`],
        outputs: [`${prefix}/turned`],
        attributes: { perm: { ints: order } },
      }),
      encodeNode({ opType: 'Reshape', inputs: [`${prefix}/turned`, `${prefix}/joined shape`], outputs: [output] }),
    ],
  };
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}
