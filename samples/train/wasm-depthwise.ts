import type { Tensor4D } from '@tensorflow/tfjs';

type TensorFlow = typeof import('@tensorflow/tfjs');

/** What the gradients of a depthwise convolution are told of it. */
interface DepthwiseAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid';
}

/**
 * The WASM backend has no kernels for the gradients of a depthwise convolution (one filter a channel, no dilation). Both are made of
 * kernels that it has: that of the input is a depthwise convolution of the output's gradient, spread out by the stride, with the
 * filter turned round; that of the filter is, tap by tap, a product of the input at that tap with the output's gradient.
 */
export function registerDepthwiseGradients(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as unknown as { dy: Tensor4D; filter: Tensor4D };
      const { inputShape, ...call } = attrs as unknown as DepthwiseAttributes & { inputShape: Tensor4D['shape'] };
      return tf.tidy(() => inputGradient(tf, dy, filter, inputShape, call));
    },
  });
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { filterShape, ...call } = attrs as unknown as DepthwiseAttributes & { filterShape: Tensor4D['shape'] };
      return tf.tidy(() => filterGradient(tf, x, dy, filterShape, call));
    },
  });
}

function inputGradient(tf: TensorFlow, dy: Tensor4D, filter: Tensor4D, inputShape: Tensor4D['shape'], call: DepthwiseAttributes): Tensor4D {
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, call.strides, 1, call.pad);
  const [images, height, width, channels] = dy.shape;
  const [rows, columns] = filter.shape;
  const apart = tf.pad(tf.reshape(dy, [images * height, 1, width, channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, 0],
  ]);
  const spread = tf.pad(tf.reshape(apart, [images, height * strideHeight * width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const [inputHeight, inputWidth] = [inputShape[1] + padInfo.top + padInfo.bottom, inputShape[2] + padInfo.left + padInfo.right];
  const full = tf.pad(tf.reshape(spread, [images, height * strideHeight, width * strideWidth, channels]), [
    [0, 0],
    [rows - 1, inputHeight - height * strideHeight],
    [columns - 1, inputWidth - width * strideWidth],
    [0, 0],
  ]);
  const padded = tf.depthwiseConv2d(full as Tensor4D, tf.reverse(filter, [0, 1]), 1, 'valid');
  return tf.slice(padded, [0, padInfo.top, padInfo.left, 0], inputShape);
}

function filterGradient(tf: TensorFlow, x: Tensor4D, dy: Tensor4D, filterShape: Tensor4D['shape'], call: DepthwiseAttributes): Tensor4D {
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, call.strides, 1, call.pad);
  const [rows, columns, channels] = filterShape;
  const [, height, width] = dy.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const [tall, wide] = [(height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1];
  const taps = Array.from({ length: rows * columns }, (_, tap) => {
    const [row, column] = [Math.floor(tap / columns), tap % columns];
    const near = tf.slice(padded, [0, row, column, 0], [x.shape[0], tall, wide, channels]);
    // A plain slice is many times faster than a strided one.
    const isDense = strideHeight === 1 && strideWidth === 1;
    const seen = isDense ? near : tf.stridedSlice(near, [0, 0, 0, 0], near.shape, [1, strideHeight, strideWidth, 1]);
    return tf.sum(tf.mul(seen, dy), [0, 1, 2]);
  });
  return tf.reshape(tf.stack(taps), filterShape);
}
