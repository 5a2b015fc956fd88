import { block, type BlockTable } from '../block';
import { windowParameter } from '../rows';

const conv = {
  parameters: ['output_channels', 'kernel_shape', 'stride', 'rate', 'padding'],
  kernel: ['kernel_shape', null],
  stride: ['stride', 1],
} as const;
const depthwise = { ...conv, parameters: ['channel_multiplier', 'kernel_shape', 'stride'] };
/** A window may have entries for batch and channels. */
const pool = {
  parameters: ['window_shape', 'strides', 'padding'],
  kernel: ['window_shape', null],
  stride: ['strides', null],
  dimensions: 0,
} as const;

/** https://dm-haiku.readthedocs.io/en/latest/api.html: layers for JAX with names of their own. */
export const haiku: BlockTable = {
  modules: [
    ['haiku', 'haiku'],
    ['haiku.nets', 'haiku.nets'],
  ],
  callables: [
    ...([1, 2, 3] as const).map((dimensions) => block(`haiku.Conv${dimensions}D`, { ...conv, dimensions })),
    block('haiku.ConvND', { ...conv, parameters: ['num_spatial_dims', ...conv.parameters], dimensions: 0 }),
    ...(['DepthwiseConv', 'SeparableDepthwiseConv'] as const).map((name) => block(`haiku.${name}2D`, depthwise)),
    ...(
      [
        ['MaxPool', 'max-pool', 'layer'],
        ['AvgPool', 'average-pool', 'layer'],
        ['max_pool', 'max-pool', 'operation'],
        ['avg_pool', 'average-pool', 'operation'],
      ] as const
    ).map(([name, role, form]) => ({
      ...block(`haiku.${name}`, { ...pool, role, form }),
      kernel: windowParameter('window_shape', null, 'allowed'),
      stride: windowParameter('strides', null, 'allowed'),
    })),
  ],
};
