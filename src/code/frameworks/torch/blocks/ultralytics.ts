import { block, type BlockTable } from '../../block';

const window = { parameters: ['c1', 'c2', 'k', 's'], kernel: ['k', 1], stride: ['s', 1] } as const;

/** https://docs.ultralytics.com/reference/nn/modules/conv/ */
export const ultralytics: BlockTable = {
  modules: [
    ['ultralytics.nn.modules', 'ultralytics.nn.modules'],
    ['ultralytics.nn.modules.conv', 'ultralytics.nn.modules'],
    ['ultralytics.nn.modules.block', 'ultralytics.nn.modules'],
  ],
  callables: [
    ...['Conv', 'DWConv', 'GhostConv'].map((name) => block(`ultralytics.nn.modules.${name}`, window)),
    // Moves blocks of 2x2 into channels, and convolves them.
    block('ultralytics.nn.modules.Focus', { parameters: [], kernel: ['', 1], stride: ['', 2], role: 'space-to-depth' }),
    // Their strides are their own; SPP, SPPF, C3, C2f and their like keep every sample.
    ...['ADown', 'AConv', 'HGStem'].map((name) =>
      block(`ultralytics.nn.modules.${name}`, { parameters: [], kernel: ['', 3], stride: ['', 2] }),
    ),
    block('ultralytics.nn.modules.GhostBottleneck', { ...window, kernel: ['k', 3] }),
    block('ultralytics.nn.modules.SCDown', { ...window, kernel: ['k', null], stride: ['s', null] }),
    ...['Conv2', 'RepConv'].map((name) => block(`ultralytics.nn.modules.${name}`, { ...window, kernel: ['k', 3] })),
  ],
};
