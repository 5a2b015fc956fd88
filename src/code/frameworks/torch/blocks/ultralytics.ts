import { block, type BlockTable } from './block';

const window = { parameters: ['c1', 'c2', 'k', 's'], kernel: ['k', 1], stride: ['s', 1] } as const;

/** https://docs.ultralytics.com/reference/nn/modules/conv/ */
export const ultralytics: BlockTable = {
  modules: [
    ['ultralytics.nn.modules', 'ultralytics.nn.modules'],
    ['ultralytics.nn.modules.conv', 'ultralytics.nn.modules'],
  ],
  callables: [
    ...['Conv', 'DWConv', 'GhostConv', 'Focus'].map((name) => block(`ultralytics.nn.modules.${name}`, window)),
    ...['Conv2', 'RepConv'].map((name) => block(`ultralytics.nn.modules.${name}`, { ...window, kernel: ['k', 3] })),
  ],
};
