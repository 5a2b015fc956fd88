import type { Callable } from '../callable';
import { blur, imageDimensions, row, rows, windowParameter } from '../rows';
import type { FrameworkTable } from '../table';
import { tfjsSpecifier } from './specifier';

const kernel = windowParameter('kernelSize', null);
const convStride = windowParameter('strides', 1);
const pool = windowParameter('poolSize', 2);
const poolStride = windowParameter('strides', 'kernel');
const filterSize = windowParameter('filterSize', null);
const strides = windowParameter('strides', null);

/** https://js.tensorflow.org/api/latest/#Layers: every layer takes one object of options. */
const layers: readonly Callable[] = imageDimensions.flatMap((dimensions) => {
  const conv = { dimensions, options: true, kernel, stride: convStride, activation: 'activation' };
  const pooling = { dimensions, options: true, kernel: pool, stride: poolStride };
  const layer = (stem: string, role: Callable['role'], rest: Partial<Callable>) =>
    row(`tf.layers.${stem}${dimensions}d`, role, 'layer', rest);
  return [
    ...['conv', 'separableConv', 'locallyConnected'].map((stem) => layer(stem, 'convolution', conv)),
    layer('depthwiseConv', 'convolution', { ...conv, isDepthwise: true }),
    ...['maxPooling', 'maxPool'].map((stem) => layer(stem, 'max-pool', pooling)),
    ...['averagePooling', 'avgPooling', 'avgPool'].map((stem) => layer(stem, 'average-pool', pooling)),
  ];
});

/** https://js.tensorflow.org/api/latest/#Operations-Convolution */
const operations: readonly Callable[] = [
  ...(['', '3d'] as const).flatMap((suffix) => {
    const rest = {
      dimensions: suffix === '' ? 2 : 3,
      kernel: filterSize,
      stride: strides,
      parameters: ['filterSize', 'strides', 'pad'],
    } as const;
    return [row(`tf.maxPool${suffix}`, 'max-pool', 'operation', rest), row(`tf.avgPool${suffix}`, 'average-pool', 'operation', rest)];
  }),
  row('tf.conv1d', 'convolution', 'operation', {
    dimensions: 1,
    kernel,
    stride: windowParameter('stride', null),
    parameters: ['filter', 'stride', 'pad'],
  }),
  row('tf.conv2d', 'convolution', 'operation', { dimensions: 2, kernel, stride: strides, parameters: ['filter', 'strides', 'pad'] }),
  row('tf.conv3d', 'convolution', 'operation', { dimensions: 3, kernel, stride: strides, parameters: ['filter', 'strides', 'pad'] }),
  row('tf.depthwiseConv2d', 'convolution', 'operation', {
    dimensions: 2,
    kernel,
    stride: strides,
    parameters: ['filter', 'strides', 'pad'],
    weights: 'filter',
    isDepthwise: true,
  }),
  row('tf.stridedSlice', 'subsample', 'operation', {
    kernel: windowParameter('kernel', 1),
    stride: windowParameter('strides', 1, 'allowed'),
    parameters: ['begin', 'end', 'strides'],
  }),
  row('tf.separableConv2d', 'convolution', 'operation', {
    dimensions: 2,
    kernel,
    stride: strides,
    parameters: ['depthwiseFilter', 'pointwiseFilter', 'strides', 'pad'],
  }),
  ...['conv2d', 'depthwiseConv2d'].map((name) =>
    row(`tf.fused.${name}`, 'convolution', 'operation', {
      dimensions: 2,
      options: true,
      kernel,
      stride: strides,
      activation: 'activation',
    }),
  ),
];

const activations = 'relu relu6 elu selu leakyRelu prelu sigmoid tanh softplus';

/** TensorFlow.js: layers, operations and operations as methods of tensors. */
export const table: FrameworkTable = {
  id: 'tfjs',
  languages: ['javascript'],
  channelsFirst: false,
  modules: [
    '@tensorflow/tfjs',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-react-native',
  ].flatMap((module) => [[module, 'tf'] as const, [`${module}.default`, 'tf'] as const]),
  callables: [
    ...layers,
    ...operations,
    row('tf.variable', 'constant', 'operation', { trainedUnless: 'trainable' }),
    ...rows('tf', 'constant', 'operation', 'tensor tensor1d tensor2d tensor3d tensor4d ones zeros fill linspace range outerProduct'),
    ...imageDimensions.map((n) => blur(`blurpool.blurPool${n}d`, 'layer', 'strides', [], true)),
    blur('blurpool.blurPool', 'operation', 'strides', ['strides', 'filterSize']),
    ...imageDimensions.flatMap((n) => rows('blurpool', 'blur', 'layer', `maxBlurPooling${n}d averageBlurPooling${n}d`)),
    ...rows('blurpool', 'blur', 'operation', 'maxBlurPool averageBlurPool'),
    ...rows('tf.layers', 'activation', 'layer', 'activation reLU leakyReLU elu prelu softmax thresholdedReLU'),
    ...rows('tf', 'activation', 'operation', activations),
    ...rows(
      'tf.layers',
      'pointwise',
      'layer',
      'batchNormalization layerNormalization dropout alphaDropout gaussianDropout gaussianNoise spatialDropout1d',
    ),
    ...rows('tf', 'pointwise', 'operation', 'batchNorm batchNorm2d batchNorm3d batchNorm4d dropout localResponseNormalization'),
    ...rows('tf', 'sequence', 'layer', 'sequential'),
    ...rows(
      'tf.layers',
      'flatten',
      'layer',
      'flatten dense reshape globalAveragePooling1d globalAveragePooling2d globalMaxPooling1d globalMaxPooling2d',
    ),
    ...rows('tf', 'flatten', 'operation', 'reshape squeeze'),
  ],
  tensorMethods: Object.fromEntries(
    [
      ...activations.split(' '),
      'maxPool',
      'avgPool',
      'conv1d',
      'conv2d',
      'depthwiseConv2d',
      'separableConv2d',
      'stridedSlice',
      'reshape',
      'squeeze',
    ].map((name) => [name, `tf.${name}`]),
  ),
  templates: [{ module: 'blurpool', package: { inTemplate: '@tensorflow/tfjs', in: tfjsSpecifier } }],
};
