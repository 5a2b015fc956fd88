import type { AxisPair } from '../../../graph/model-graph';
import { encodeIntegerTensor, encodeNode } from '../wire/write';
import type { EncodedStep } from './encoded-nodes';

/** A map and how its images are woven. */
export interface Weaving {
  readonly tensor: string;
  readonly channels: number;
  /** Height and width of one image's map. */
  readonly size: AxisPair;
  /** Images per woven map, along each axis. */
  readonly grid: AxisPair;
  readonly output: string;
  /** Unique start of the new names. */
  readonly prefix: string;
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
export function interleave(weaving: Weaving): EncodedStep {
  const {
    channels,
    size: [height, width],
    grid: [a, b],
  } = weaving;
  return rearrange(weaving, {
    split: [-1, a, b, channels, height, width],
    order: [0, 3, 4, 1, 5, 2],
    joined: [-1, channels, height * a, width * b],
  });
}

/** The inverse: `[n, C, h * a, w * b]` to `[n * a * b, C, h, w]`. */
export function deinterleave(weaving: Weaving): EncodedStep {
  const {
    channels,
    size: [height, width],
    grid: [a, b],
  } = weaving;
  return rearrange(weaving, {
    split: [-1, channels, height, a, width, b],
    order: [0, 3, 5, 1, 2, 4],
    joined: [-1, channels, height, width],
  });
}

/** A reshape, a transpose and a reshape. */
interface Rearrangement {
  readonly split: readonly number[];
  readonly order: readonly number[];
  readonly joined: readonly number[];
}

function rearrange({ tensor, output, prefix }: Weaving, { split, order, joined }: Rearrangement): EncodedStep {
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
