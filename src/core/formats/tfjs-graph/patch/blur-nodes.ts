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
  const [begin, end] = [blur.padding.begin, blur.padding.end];
  let tensor = input;
  if ([...begin, ...end].some((amount) => amount < 0)) {
    const first = begin.map((amount) => Math.max(0, -amount));
    const size = blur.size.map((length, axis) => (length ?? 0) - (first[axis] ?? 0) - Math.max(0, 0 - (end[axis] ?? 0)));
    tensor = builder.slice('crop', tensor, first, size);
  }
  if ([...begin, ...end].some((amount) => amount > 0)) {
    const pairs = begin.flatMap((amount, axis) => [Math.max(0, amount), Math.max(0, end[axis] ?? 0)]);
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
