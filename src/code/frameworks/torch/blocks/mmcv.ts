import { block, type BlockTable } from './block';

const conv = ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias'];
const window = { parameters: conv, kernel: ['kernel_size', null], stride: ['stride', 1] } as const;

/** https://mmcv.readthedocs.io/en/latest/understand_mmcv/cnn.html */
export const mmcv: BlockTable = {
  modules: [
    ['mmcv.cnn', 'mmcv.cnn'],
    ['mmcv.cnn.bricks', 'mmcv.cnn'],
  ],
  callables: [
    block('mmcv.cnn.ConvModule', window),
    block('mmcv.cnn.DepthwiseSeparableConvModule', window),
    block('mmcv.cnn.build_conv_layer', { ...window, parameters: ['cfg', ...conv] }),
  ],
};
