import { block, type BlockTable, type BlockWindow } from '../../block';
import type { Callable } from '../../callable';

/** A block that is told the number of image axes first. */
function spatial(name: string, window: BlockWindow): Callable {
  const of = (dimensions: 1 | 2 | 3) => block(`monai.networks.blocks.${name}`, { ...window, dimensions });
  return { ...of(2), variants: { parameter: 'spatial_dims', of: { 1: of(1), 2: of(2), 3: of(3) } } };
}

const conv = {
  parameters: ['spatial_dims', 'in_channels', 'out_channels', 'strides', 'kernel_size'],
  kernel: ['kernel_size', 3],
  stride: ['strides', 1],
} as const;
const unet = {
  parameters: ['spatial_dims', 'in_channels', 'out_channels', 'kernel_size', 'stride'],
  kernel: ['kernel_size', null],
  stride: ['stride', null],
} as const;

/** https://docs.monai.io/en/stable/networks.html#blocks */
export const monai: BlockTable = {
  modules: [
    ['monai.networks.blocks', 'monai.networks.blocks'],
    ...['convolutions', 'dynunet_block', 'downsample'].map(
      (module) => [`monai.networks.blocks.${module}`, 'monai.networks.blocks'] as const,
    ),
  ],
  callables: [
    spatial('Convolution', { ...conv, enlargesWith: 'is_transposed' }),
    spatial('ResidualUnit', conv),
    ...['UnetBasicBlock', 'UnetResBlock'].map((name) => spatial(name, unet)),
    spatial('get_conv_layer', { ...unet, kernel: ['kernel_size', 3], stride: ['stride', 1], enlargesWith: 'is_transposed' }),
    spatial('MaxAvgPool', {
      parameters: ['spatial_dims', 'kernel_size', 'stride', 'padding'],
      kernel: ['kernel_size', null],
      stride: ['stride', 'kernel'],
      role: 'max-pool',
    }),
  ],
};
