import type { Callable } from '../../callable';
import { block, type BlockTable } from '../../block';

const conv = ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias'];
const standard = { parameters: conv, kernel: ['kernel_size', null], stride: ['stride', 1] } as const;
const withNorm = { parameters: conv, kernel: ['kernel_size', 1], stride: ['stride', 1] } as const;
const separable = {
  parameters: ['in_channels', 'out_channels', 'kernel_size', 'stride', 'dilation', 'padding'],
  kernel: ['kernel_size', 3],
  stride: ['stride', 1],
} as const;

const pool = {
  parameters: ['pool_type', 'kernel_size', 'stride'],
  kernel: ['kernel_size', null],
  stride: ['stride', 'kernel'],
} as const;

const createPool: Callable = {
  ...block('timm.layers.create_pool2d', { ...pool, role: 'max-pool' }),
  variants: { parameter: 'pool_type', of: { avg: block('timm.layers.create_pool2d', { ...pool, role: 'average-pool' }) } },
};

/** https://huggingface.co/docs/timm; older releases call the module `timm.models.layers`. */
export const timmBlocks: BlockTable = {
  modules: [
    ['timm.layers', 'timm.layers'],
    ['timm.models.layers', 'timm.layers'],
    ...[
      'conv_bn_act',
      'pool2d_same',
      'conv2d_same',
      'std_conv',
      'patch_embed',
      'separable_conv',
      'mixed_conv2d',
      'cond_conv2d',
      'split_attn',
    ].flatMap((module) => [[`timm.layers.${module}`, 'timm.layers'] as const, [`timm.models.layers.${module}`, 'timm.layers'] as const]),
  ],
  callables: [
    ...['ConvNormAct', 'ConvNormActAa', 'ConvBnAct'].map((name) => block(`timm.layers.${name}`, withNorm)),
    ...['Conv2dSame', 'ScaledStdConv2d', 'ScaledStdConv2dSame'].map((name) => block(`timm.layers.${name}`, standard)),
    // As the library writes it.
    ...['StdConv2d', 'StdConv2dSame'].map((name) =>
      block(`timm.layers.${name}`, { ...standard, parameters: ['in_channel', ...conv.slice(1)] }),
    ),
    // The rest of its arguments are given by name only.
    block('timm.layers.create_conv2d', { ...standard, parameters: conv.slice(0, 3) }),
    ...['MixedConv2d', 'CondConv2d', 'SplitAttn'].map((name) =>
      block(`timm.layers.${name}`, { ...standard, parameters: conv.slice(0, 4), kernel: ['kernel_size', 3] }),
    ),
    ...['SeparableConv2d', 'SeparableConvNormAct'].map((name) => block(`timm.layers.${name}`, separable)),
    createPool,
    block('timm.layers.AvgPool2dSame', {
      role: 'average-pool',
      parameters: ['kernel_size', 'stride', 'padding'],
      kernel: ['kernel_size', null],
      stride: ['stride', 'kernel'],
    }),
    block('timm.layers.PatchEmbed', {
      parameters: ['img_size', 'patch_size', 'in_chans', 'embed_dim'],
      kernel: ['patch_size', 16],
      stride: ['patch_size', 16],
    }),
  ],
};
