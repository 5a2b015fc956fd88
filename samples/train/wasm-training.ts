import type { Tensor4D } from '@tensorflow/tfjs';

type TensorFlow = typeof import('@tensorflow/tfjs');

/**
 * The WASM backend has no kernel for a convolution's filter gradient. The gradient is itself a convolution, of the input
 * with the output's gradient as the kernel: dW[a, b, c, k] = sum over n, i, j of x[n, i*s + a, j*s + b, c] * dy[n, i, j, k].
 * With images and channels exchanged that is a stride-1 convolution whose dilation is the stride.
 */
export function registerFilterGradient(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: 'same' | 'valid';
        filterShape: [number, number, number, number];
      };
      const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
      const [height, width] = filterShape;
      return tf.tidy(() => {
        const padded = tf.pad(x, [
          [0, 0],
          [padInfo.top, padInfo.bottom],
          [padInfo.left, padInfo.right],
          [0, 0],
        ]);
        const images = tf.transpose(padded, [3, 1, 2, 0]);
        const kernel = tf.transpose(dy, [1, 2, 0, 3]);
        const gradient = tf.conv2d(images, kernel, 1, 'valid', 'NHWC', strides);
        return tf.transpose(tf.slice(gradient, [0, 0, 0, 0], [-1, height, width, -1]), [1, 2, 0, 3]);
      });
    },
  });
}
