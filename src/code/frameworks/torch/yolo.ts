import { block } from '../block';
import type { Callable } from '../callable';

/** A module that the rows of a description name. */
export interface DescribedModule {
  readonly callable: Callable;
  /** True where the reader of descriptions puts the input channels before the arguments. */
  readonly takesChannels: boolean;
}

const conv = { parameters: ['c1', 'c2', 'k', 's'], kernel: ['k', 1], stride: ['s', 1] } as const;
const fixed = { parameters: [], kernel: ['', 3], stride: ['', 2] } as const;
const pool = { parameters: ['kernel_size', 'stride', 'padding'], kernel: ['kernel_size', null], stride: ['stride', 'kernel'] } as const;
const blocks = { parameters: ['s'], kernel: ['', 1], role: 'space-to-depth' } as const;

const layer = (name: string, window: Parameters<typeof block>[1], takesChannels = true) =>
  [name, { callable: block(`description.${name}`, window), takesChannels }] as const;

/**
 * Modules by the names that descriptions call them: of yolov5 (https://github.com/ultralytics/yolov5/blob/master/models/common.py),
 * yolov7 (https://github.com/WongKinYiu/yolov7/blob/main/models/common.py) and ultralytics
 * (https://docs.ultralytics.com/reference/nn/tasks/). What is not here keeps every sample, or is not known.
 */
export const describedModules: ReadonlyMap<string, DescribedModule> = new Map([
  ...['Conv', 'DWConv', 'GhostConv', 'LightConv'].map((name) => layer(name, conv)),
  ...['Conv2', 'RepConv', 'GhostBottleneck'].map((name) => layer(name, { ...conv, kernel: ['k', 3] })),
  layer('SCDown', { ...conv, kernel: ['k', null], stride: ['s', null] }),
  layer('CrossConv', { ...conv, kernel: ['k', 3] }),
  ...['ADown', 'AConv', 'HGStem'].map((name) => layer(name, fixed)),
  layer('Focus', { ...blocks, parameters: [], stride: ['', 2] }),
  // Their arguments are written out in full.
  layer('nn.Conv2d', {
    parameters: ['in_channels', 'out_channels', 'kernel_size', 'stride'],
    kernel: ['kernel_size', null],
    stride: ['stride', 1],
  }),
  layer('nn.MaxPool2d', { ...pool, role: 'max-pool' }, false),
  layer('nn.AvgPool2d', { ...pool, role: 'average-pool' }, false),
  layer('MP', { parameters: ['k'], kernel: ['k', 2], stride: ['k', 2], role: 'max-pool' }, false),
  layer('SP', { parameters: ['k', 's'], kernel: ['k', 3], stride: ['s', 1], role: 'max-pool' }, false),
  layer('DownC', { parameters: ['c1', 'c2', 'n', 'k'], kernel: ['k', 2], stride: ['k', 2] }),
  layer('Contract', { ...blocks, stride: ['s', 2] }, false),
  layer('ReOrg', { ...blocks, parameters: [], stride: ['', 2] }, false),
  layer('ResNetLayer', { parameters: ['c1', 'c2', 's', 'is_first', 'n'], kernel: ['', 3], stride: ['s', 1] }, false),
]);
