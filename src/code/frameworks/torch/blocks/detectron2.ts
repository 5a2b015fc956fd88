import { block, type BlockTable } from '../../block';

const conv = {
  parameters: ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups'],
  kernel: ['kernel_size', null],
  stride: ['stride', 1],
} as const;

/** https://detectron2.readthedocs.io/en/latest/modules/layers.html */
export const detectron2: BlockTable = {
  modules: [
    ['detectron2.layers', 'detectron2.layers'],
    ['detectron2.layers.wrappers', 'detectron2.layers'],
    ['detectron2.layers.deform_conv', 'detectron2.layers'],
  ],
  callables: ['Conv2d', 'DeformConv', 'ModulatedDeformConv'].map((name) => block(`detectron2.layers.${name}`, conv)),
};
