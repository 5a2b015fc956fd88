import type { Callable } from '../callable';
import { blur, imageDimensions, row, rows, windowParameter } from '../rows';
import type { FrameworkTable } from '../table';
import { layers } from './layers';
import { slim } from './slim';

const strides = windowParameter('strides', null, 'allowed');
/** Some operations take no stride without entries for batch and channels. */
const fullStrides = windowParameter('strides', null, 'required');
const ksize = windowParameter('ksize', null, 'allowed');
const poolParameters = ['ksize', 'strides', 'padding', 'data_format'];
/** The filter is a tensor, so its extent is not in the call. */
const filter = windowParameter('kernel_size', null);

/** https://www.tensorflow.org/api_docs/python/tf/nn */
const operations: readonly Callable[] = [
  ...(['max', 'avg'] as const).flatMap((kind) => {
    const role = kind === 'max' ? 'max-pool' : 'average-pool';
    return [
      row(`tensorflow.nn.${kind}_pool`, role, 'operation', { kernel: ksize, stride: strides, parameters: poolParameters }),
      ...imageDimensions.map((dimensions) =>
        row(`tensorflow.nn.${kind}_pool${dimensions}d`, role, 'operation', {
          dimensions,
          kernel: ksize,
          stride: strides,
          parameters: poolParameters,
        }),
      ),
    ];
  }),
  row('tensorflow.nn.conv1d', 'convolution', 'operation', {
    dimensions: 1,
    kernel: filter,
    stride: windowParameter('stride', null, 'allowed'),
    weights: 'filters',
    parameters: ['filters', 'stride', 'padding', 'data_format', 'dilations'],
  }),
  row('tensorflow.nn.conv2d', 'convolution', 'operation', {
    dimensions: 2,
    kernel: filter,
    stride: strides,
    weights: 'filters',
    parameters: ['filters', 'strides', 'padding', 'data_format', 'dilations'],
  }),
  row('tensorflow.nn.conv3d', 'convolution', 'operation', {
    dimensions: 3,
    kernel: filter,
    stride: fullStrides,
    weights: 'filters',
    parameters: ['filters', 'strides', 'padding', 'data_format', 'dilations'],
  }),
  row('tensorflow.nn.convolution', 'convolution', 'operation', {
    kernel: filter,
    stride: windowParameter('strides', 1, 'allowed'),
    weights: 'filters',
    parameters: ['filters', 'strides', 'padding', 'data_format', 'dilations'],
  }),
  row('tensorflow.nn.depthwise_conv2d', 'convolution', 'operation', {
    dimensions: 2,
    kernel: filter,
    stride: fullStrides,
    weights: 'filter',
    isDepthwise: true,
    parameters: ['filter', 'strides', 'padding', 'data_format', 'dilations'],
  }),
  row('tensorflow.nn.separable_conv2d', 'convolution', 'operation', {
    dimensions: 2,
    kernel: filter,
    stride: fullStrides,
    parameters: ['depthwise_filter', 'pointwise_filter', 'strides', 'padding', 'data_format', 'dilations'],
  }),
];

const blockSize = windowParameter('block_size', null);
const patchParameters = ['sizes', 'strides', 'rates', 'padding'];

/** What picks or rearranges samples. */
const samplers: readonly Callable[] = [
  ...['tensorflow.nn', 'tensorflow'].map((module) =>
    row(`${module}.space_to_depth`, 'space-to-depth', 'operation', {
      dimensions: 2,
      stride: blockSize,
      // Behind it the two have others.
      parameters: ['block_size'],
    }),
  ),
  row('tensorflow.strided_slice', 'subsample', 'operation', {
    kernel: windowParameter('kernel', 1),
    stride: windowParameter('strides', 1, 'allowed'),
    parameters: ['begin', 'end', 'strides'],
  }),
  row('tensorflow.image.extract_patches', 'subsample', 'operation', {
    dimensions: 2,
    kernel: windowParameter('sizes', null, 'required'),
    stride: fullStrides,
    parameters: patchParameters,
  }),
];

/** TensorFlow's operations on tensors: `tf.nn`. Its Keras is the framework `keras`. */
export const table: FrameworkTable = {
  id: 'tensorflow',
  languages: ['python'],
  channelsFirst: false,
  modules: [['tensorflow', 'tensorflow'], ['tensorflow.compat.v1', 'tensorflow'], ['tensorflow.compat.v2', 'tensorflow'], ...slim.modules],
  callables: [
    ...operations,
    ...samplers,
    ...layers.callables,
    ...slim.callables,
    row('tensorflow.Variable', 'constant', 'operation', { trainedUnless: 'trainable' }),
    ...rows('tensorflow', 'constant', 'operation', 'constant convert_to_tensor ones zeros fill linspace range'),
    ...imageDimensions.map((n) => blur(`blurpool_tensorflow.BlurPool${n}D`, 'layer', 'strides', ['strides', 'filter_size'])),
    blur('blurpool_tensorflow.blur_pool', 'operation', 'strides', ['strides', 'filter_size']),
    ...imageDimensions.flatMap((n) => rows('blurpool_tensorflow', 'blur', 'layer', `MaxBlurPool${n}D AvgBlurPool${n}D`)),
    ...rows(
      'blurpool_tensorflow',
      'blur',
      'operation',
      'max_blur_pool max_blur_pool1d max_blur_pool2d max_blur_pool3d avg_blur_pool avg_blur_pool1d avg_blur_pool2d avg_blur_pool3d',
    ),
    ...rows(
      'tensorflow.nn',
      'activation',
      'operation',
      'relu relu6 crelu leaky_relu elu selu gelu silu swish sigmoid tanh softplus softsign',
    ),
    ...rows('tensorflow', 'activation', 'operation', 'sigmoid tanh'),
    ...rows('tensorflow.math', 'activation', 'operation', 'sigmoid tanh softplus softsign'),
    ...rows('tensorflow.nn', 'pointwise', 'operation', 'batch_normalization bias_add dropout local_response_normalization lrn'),
    ...rows('tensorflow', 'pointwise', 'operation', 'identity'),
    ...rows('tensorflow', 'flatten', 'operation', 'reshape squeeze'),
  ],
  tensorMethods: {},
  templates: [{ module: 'blurpool_tensorflow' }],
};
