import { block, type BlockTable } from '../../block';

const parameters = ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'groups', 'norm_layer', 'activation_layer'];
const window = { parameters, kernel: ['kernel_size', 3], stride: ['stride', 1] } as const;

/** https://pytorch.org/vision/stable/ops.html */
export const torchvision: BlockTable = {
  modules: [
    ['torchvision.ops', 'torchvision.ops'],
    ['torchvision.ops.misc', 'torchvision.ops'],
  ],
  callables: [
    block('torchvision.ops.Conv2dNormActivation', window),
    block('torchvision.ops.ConvNormActivation', window),
    block('torchvision.ops.Conv3dNormActivation', { ...window, dimensions: 3 }),
  ],
};
