import type { Callable } from '../callable';
import { blur, imageDimensions, row, rows, windowParameter } from '../rows';
import type { FrameworkTable } from '../table';
import { kerasCv } from './keras-cv';

const kernel = windowParameter('kernel_size', null);
const convStride = windowParameter('strides', 1);
const pool = windowParameter('pool_size', 2);
const poolStride = windowParameter('strides', 'kernel');
const activation = 'activation';

/** A convolution at each step of a sequence of maps. */
export const recurrentStem = 'ConvLSTM';

/** https://keras.io/api/layers/ */
const windows: readonly Callable[] = imageDimensions.flatMap((dimensions) => {
  const conv = { dimensions, kernel, stride: convStride, activation };
  const pooling = { dimensions, kernel: pool, stride: poolStride, parameters: ['pool_size', 'strides', 'padding', 'data_format'] };
  const layer = (stem: string, role: Callable['role'], rest: Partial<Callable>) =>
    row(`keras.layers.${stem}${dimensions}D`, role, 'layer', rest);
  return [
    ...['Conv', 'Convolution', 'SeparableConv', 'SeparableConvolution', 'LocallyConnected'].map((stem) =>
      layer(stem, 'convolution', { ...conv, parameters: ['filters', 'kernel_size', 'strides', 'padding', 'data_format', 'dilation_rate'] }),
    ),
    layer('DepthwiseConv', 'convolution', {
      ...conv,
      isDepthwise: true,
      parameters: ['kernel_size', 'strides', 'padding', 'depth_multiplier', 'data_format', 'dilation_rate', 'activation'],
    }),
    layer(recurrentStem, 'convolution', {
      ...conv,
      parameters: ['filters', 'kernel_size', 'strides', 'padding', 'data_format', 'dilation_rate'],
    }),
    ...['MaxPooling', 'MaxPool'].map((stem) => layer(stem, 'max-pool', pooling)),
    ...['AveragePooling', 'AvgPool'].map((stem) => layer(stem, 'average-pool', pooling)),
  ];
});

/** https://keras.io/api/ops/nn/ */
const operations: readonly Callable[] = ['keras.ops', 'keras.ops.nn'].flatMap((module) => [
  row(`${module}.max_pool`, 'max-pool', 'operation', {
    kernel: windowParameter('pool_size', null),
    stride: poolStride,
    parameters: ['pool_size', 'strides', 'padding', 'data_format'],
  }),
  row(`${module}.average_pool`, 'average-pool', 'operation', {
    kernel: windowParameter('pool_size', null),
    stride: poolStride,
    parameters: ['pool_size', 'strides', 'padding', 'data_format'],
  }),
  ...['conv', 'depthwise_conv'].map((name) =>
    row(`${module}.${name}`, 'convolution', 'operation', {
      kernel,
      stride: convStride,
      parameters: ['kernel', 'strides', 'padding', 'data_format', 'dilation_rate'],
      weights: 'kernel',
      isDepthwise: name === 'depthwise_conv',
    }),
  ),
  row(`${module}.separable_conv`, 'convolution', 'operation', {
    kernel,
    stride: convStride,
    parameters: ['depthwise_kernel', 'pointwise_kernel', 'strides', 'padding'],
  }),
]);

const activationNames =
  'relu relu6 leaky_relu elu selu gelu silu swish sigmoid tanh softplus softsign softmax hard_sigmoid hard_swish hard_silu mish celu';

/** Keras 2 and 3, on its own and as `tf.keras`. */
export const table: FrameworkTable = {
  id: 'keras',
  languages: ['python'],
  channelsFirst: false,
  modules: [
    ['keras', 'keras'],
    ['tf_keras', 'keras'],
    ['tensorflow.keras', 'keras'],
    ['tensorflow.python.keras', 'keras'],
    ['tensorflow.compat.v1.keras', 'keras'],
    ['tensorflow.compat.v2.keras', 'keras'],
    ['keras.layers.convolutional', 'keras.layers'],
    ['keras.layers.pooling', 'keras.layers'],
    ['tensorflow.keras.layers.experimental', 'keras.layers'],
    ['keras.models', 'keras'],
    ['tensorflow.keras.models', 'keras'],
    ['tf_keras.models', 'keras'],
    ['keras.src', 'keras'],
    ...kerasCv.modules,
  ],
  callables: [
    ...windows,
    ...operations,
    ...kerasCv.callables,
    ...imageDimensions.map((n) => blur(`blurpool_keras.BlurPool${n}D`, 'layer', 'strides', ['strides', 'filter_size'])),
    blur('blurpool_keras.blur_pool', 'operation', 'strides', ['strides', 'filter_size']),
    ...imageDimensions.flatMap((n) => rows('blurpool_keras', 'blur', 'layer', `MaxBlurPool${n}D AvgBlurPool${n}D`)),
    ...rows('keras.layers', 'activation', 'layer', 'Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax'),
    ...['keras.activations', 'keras.ops', 'keras.ops.nn', 'keras.backend'].flatMap((module) =>
      rows(module, 'activation', 'operation', activationNames),
    ),
    ...rows(
      'keras.layers',
      'pointwise',
      'layer',
      'BatchNormalization LayerNormalization GroupNormalization UnitNormalization Dropout AlphaDropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D SpatialDropout3D ActivityRegularization Rescaling',
    ),
    ...rows('keras', 'sequence', 'layer', 'Sequential'),
    ...rows(
      'keras.layers',
      'flatten',
      'layer',
      'Flatten Dense Reshape GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAvgPool2D GlobalMaxPool2D',
    ),
  ],
  tensorMethods: {},
  // The second one goes with tf.keras.
  templates: [{ module: 'blurpool_keras' }, { module: 'blurpool_tensorflow' }],
  recovery: 'recover_keras',
};
