import { cutAndPadded } from '../../../rewrite/padded-map';
import type { BlurSpecification } from '../../../rewrite/plan';
import { NodeBuilder, type BuiltNodes } from './node-builder';

/** Where a blur stands. */
export interface BlurEnds {
  readonly input: string;
  readonly output: string;
  /** Starts the names of all nodes but the last; free in the model. */
  readonly prefix: string;
}

/**
 * BlurPool out of stock nodes on `[batch, height, width, channels]`: Slice where its border crops, MirrorPad or Pad, a depthwise
 * convolution. Native kernels take one stride for both axes; where the axes differ, an average over single samples picks those wanted.
 */
export function blurNodes(blur: BlurSpecification, { input, output, prefix }: BlurEnds): BuiltNodes {
  const builder = new NodeBuilder(prefix, '_');
  const { cut, added } = cutAndPadded(blur);
  let tensor = input;
  if ([...cut.begin, ...cut.end].some((amount) => amount > 0)) {
    const size = blur.size.map((length, axis) => (length ?? 0) - (cut.begin[axis] ?? 0) - (cut.end[axis] ?? 0));
    tensor = builder.slice('crop', tensor, cut.begin, size);
  }
  if ([...added.begin, ...added.end].some((amount) => amount > 0)) {
    const pairs = added.begin.flatMap((amount, axis) => [amount, added.end[axis] ?? 0]);
    tensor = builder.pad('pad', tensor, [0, 0, ...pairs, 0, 0], blur.border === 'reflect');
  }
  const kernel = builder.weight({ name: builder.name('kernel'), ...kernelOf(blur) });
  const even = commonStride(blur);
  const convolve = (name: string, stride: readonly number[]): string => {
    const attr = { ...builder.window(stride), dilations: NodeBuilder.integers([1, 1, 1, 1]), explicit_paddings: { list: {} } };
    return builder.push({ name, op: 'DepthwiseConv2dNative', input: [tensor, kernel], attr });
  };
  if (even !== undefined) convolve(output, even);
  else {
    const dense = convolve(builder.name('convolution'), [1, 1]);
    builder.push({
      name: output,
      op: 'AvgPool',
      input: [dense],
      attr: { ...builder.window(blur.stride), ksize: NodeBuilder.integers([1, 1, 1, 1]) },
    });
  }
  return builder.built;
}

/** Weights `[height, width, channels, 1]`, the same for every channel. */
function kernelOf({ kernel, channels }: BlurSpecification): { shape: readonly number[]; dtype: 'float32'; values: Float32Array } {
  const values = Float32Array.from(
    { length: kernel.values.length * channels },
    (_, index) => kernel.values[Math.floor(index / channels)] ?? 0,
  );
  return { shape: [...kernel.shape, channels, 1], dtype: 'float32', values };
}

/** One stride for both axes; along a single row any stride picks that row. */
function commonStride({ stride, kernel, size }: BlurSpecification): readonly number[] | undefined {
  const largest = Math.max(...stride);
  const fits = stride.every((step, axis) => step === largest || (size[axis] === 1 && kernel.shape[axis] === 1));
  return fits ? stride.map(() => largest) : undefined;
}
