import type { Callable } from '../callable';
import { blur, row, rows, windowParameter } from '../rows';
import type { FrameworkTable } from '../table';
import { haiku } from './haiku';
import { lax } from './lax';

const kernel = windowParameter('kernel_size', null);
const stride = windowParameter('strides', 1);
const window = windowParameter('window_shape', null);
const poolParameters = ['window_shape', 'strides', 'padding'];

/** https://flax-linen.readthedocs.io/en/latest/api_reference/flax.linen/layers.html: pools stride by 1 unless told otherwise. */
const windows: readonly Callable[] = [
  ...['Conv', 'ConvLocal'].map((name) =>
    row(`flax.linen.${name}`, 'convolution', 'layer', {
      kernel,
      stride,
      padsSame: true,
      parameters: ['features', 'kernel_size', 'strides', 'padding'],
    }),
  ),
  row('flax.nnx.Conv', 'convolution', 'layer', {
    kernel,
    stride,
    padsSame: true,
    parameters: ['in_features', 'out_features', 'kernel_size', 'strides'],
  }),
  ...['flax.linen', 'flax.linen.pooling', 'flax.nnx'].flatMap((module) => [
    row(`${module}.max_pool`, 'max-pool', 'operation', { kernel: window, stride, parameters: poolParameters }),
    row(`${module}.avg_pool`, 'average-pool', 'operation', {
      kernel: window,
      stride,
      parameters: [...poolParameters, 'count_include_pad'],
    }),
  ]),
];

const activations =
  'relu relu6 leaky_relu elu celu selu gelu silu swish sigmoid tanh soft_sign softplus hard_sigmoid hard_silu hard_swish hard_tanh';

/** Flax linen and nnx. */
export const table: FrameworkTable = {
  id: 'flax',
  languages: ['python'],
  channelsFirst: false,
  modules: [
    ['flax', 'flax'],
    ['flax.linen.linear', 'flax.linen'],
    ['flax.linen.activation', 'flax.linen'],
    ['jax.nn', 'jax.nn'],
    ...haiku.modules,
    ['jax.numpy', 'jax.numpy'],
    ...lax.modules,
  ],
  callables: [
    ...windows,
    ...haiku.callables,
    ...lax.callables,
    ...rows('jax.numpy', 'constant', 'operation', 'array asarray ones zeros full outer linspace arange'),
    blur('blurpool_flax.blur_pool', 'operation', 'strides', ['strides', 'filter_size']),
    ...rows('blurpool_flax', 'blur', 'operation', 'max_blur_pool avg_blur_pool'),
    ...['flax.linen', 'flax.nnx', 'jax.nn'].flatMap((module) => rows(module, 'activation', 'operation', activations)),
    ...rows('flax.linen', 'activation', 'layer', 'PReLU'),
    ...['flax.linen', 'flax.nnx'].flatMap((module) =>
      rows(module, 'pointwise', 'layer', 'BatchNorm LayerNorm GroupNorm InstanceNorm RMSNorm Dropout'),
    ),
    ...['flax.linen', 'flax.nnx'].flatMap((module) => rows(module, 'sequence', 'layer', 'Sequential')),
    ...['flax.linen', 'flax.nnx'].flatMap((module) => rows(module, 'flatten', 'layer', 'Dense Linear')),
  ],
  tensorMethods: {},
  templates: [{ module: 'blurpool_flax' }],
};
