import { block, type BlockTable } from '../../block';

const parameters = ['in_channels', 'out_channels', 'kernel_size', 'padding', 'stride'];

/** https://smp.readthedocs.io/en/latest/ */
export const segmentationModels: BlockTable = {
  modules: [
    ['segmentation_models_pytorch.base', 'segmentation_models_pytorch.base'],
    ['segmentation_models_pytorch.base.modules', 'segmentation_models_pytorch.base'],
    ['segmentation_models_pytorch.decoders.deeplabv3.decoder', 'segmentation_models_pytorch.deeplabv3'],
  ],
  callables: [
    block('segmentation_models_pytorch.base.Conv2dReLU', { parameters, kernel: ['kernel_size', null], stride: ['stride', 1] }),
    block('segmentation_models_pytorch.deeplabv3.SeparableConv2d', {
      parameters: ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation'],
      kernel: ['kernel_size', null],
      stride: ['stride', 1],
    }),
  ],
};
