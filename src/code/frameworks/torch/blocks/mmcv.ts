import { block, type BlockTable } from '../../block';
import { rows } from '../../rows';

const conv = ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias'];
const window = { parameters: conv, kernel: ['kernel_size', null], stride: ['stride', 1] } as const;

/** https://mmcv.readthedocs.io/en/latest/understand_mmcv/cnn.html */
export const mmcv: BlockTable = {
  modules: [
    ['mmcv.cnn', 'mmcv.cnn'],
    ['mmcv.cnn.bricks', 'mmcv.cnn'],
    ['mmcv.cnn.bricks.wrappers', 'mmcv.cnn'],
    ['mmcv.ops', 'mmcv.ops'],
    // Containers that initialise what they hold; older releases have them in mmcv.runner.
    ['mmengine.model', 'mmengine.model'],
    ['mmcv.runner', 'mmengine.model'],
    ['mmcv.runner.base_module', 'mmengine.model'],
  ],
  callables: [
    block('mmcv.cnn.ConvModule', window),
    // Thin layers over PyTorch's own.
    ...['Conv2d', 'ConvWS2d', 'ConvAWS2d'].map((name) => block(`mmcv.cnn.${name}`, window)),
    block('mmcv.cnn.MaxPool2d', {
      role: 'max-pool',
      parameters: ['kernel_size', 'stride', 'padding', 'dilation'],
      kernel: ['kernel_size', null],
      stride: ['stride', 'kernel'],
    }),
    ...['DeformConv2d', 'DeformConv2dPack', 'ModulatedDeformConv2d', 'ModulatedDeformConv2dPack'].map((name) =>
      block(`mmcv.ops.${name}`, { ...window, parameters: conv.slice(0, 7) }),
    ),
    block('mmcv.cnn.DepthwiseSeparableConvModule', { ...window, parameters: conv.slice(0, 6) }),
    ...rows('mmengine.model', 'sequence', 'layer', 'Sequential'),
    ...rows('mmengine.model', 'holder', 'layer', 'ModuleList ModuleDict'),
    block('mmcv.cnn.build_conv_layer', { ...window, parameters: ['cfg', ...conv] }),
  ],
};
