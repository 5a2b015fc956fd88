import type { Callable } from '../callable';
import { blur, imageDimensions, row, rows, windowParameter } from '../rows';
import type { FrameworkTable } from '../table';
import { blockTables } from './blocks/registry';
import { torchLibraries } from './libraries/registry';

const kernel = windowParameter('kernel_size', null);
const poolStride = windowParameter('stride', 'kernel');
const convStride = windowParameter('stride', 1);

const block = windowParameter('downscale_factor', null);

const convParameters = ['kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode'];
const maxParameters = ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'];
const averageParameters = (dimensions: number): readonly string[] => [
  'kernel_size',
  'stride',
  'padding',
  'ceil_mode',
  'count_include_pad',
  ...(dimensions === 1 ? [] : ['divisor_override']),
];

/** https://pytorch.org/docs/stable/nn.html */
const layers: readonly Callable[] = imageDimensions.flatMap((dimensions) => {
  const name = (stem: string) => `torch.nn.${stem}${dimensions}d`;
  return [
    row(name('Conv'), 'convolution', 'layer', {
      dimensions,
      kernel,
      stride: convStride,
      parameters: ['in_channels', 'out_channels', ...convParameters],
    }),
    row(name('LazyConv'), 'convolution', 'layer', {
      dimensions,
      kernel,
      stride: convStride,
      parameters: ['out_channels', ...convParameters],
    }),
    row(name('MaxPool'), 'max-pool', 'layer', { dimensions, kernel, stride: poolStride, parameters: maxParameters }),
    row(name('AvgPool'), 'average-pool', 'layer', { dimensions, kernel, stride: poolStride, parameters: averageParameters(dimensions) }),
  ];
});

/** https://pytorch.org/docs/stable/nn.functional.html; some are in `torch` itself too. */
const operations: readonly Callable[] = ['torch.nn.functional', 'torch'].flatMap((module) =>
  imageDimensions.flatMap((dimensions) => [
    row(`${module}.conv${dimensions}d`, 'convolution', 'operation', {
      dimensions,
      stride: convStride,
      kernel: windowParameter('kernel_size', null),
      parameters: ['weight', 'bias', 'stride', 'padding', 'dilation', 'groups'],
      weights: 'weight',
    }),
    row(`${module}.max_pool${dimensions}d`, 'max-pool', 'operation', {
      dimensions,
      kernel,
      stride: poolStride,
      parameters: ['kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'],
    }),
    row(`${module}.avg_pool${dimensions}d`, 'average-pool', 'operation', {
      dimensions,
      kernel,
      stride: poolStride,
      parameters: averageParameters(dimensions),
    }),
  ]),
);

const scale = { ...windowParameter('scale_factor', 1), isScale: true };
const interpolation = { mode: { parameter: 'mode' }, alignCorners: 'align_corners', antialias: null } as const;

/** What picks or rearranges samples, in torch.nn and torch.nn.functional. */
const samplers: readonly Callable[] = [
  row('torch.nn.functional.interpolate', 'resize', 'operation', {
    stride: scale,
    parameters: ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias'],
    interpolation: { ...interpolation, antialias: 'antialias', size: 'size' },
  }),
  row('torch.nn.Upsample', 'resize', 'layer', {
    stride: scale,
    parameters: ['size', 'scale_factor', 'mode', 'align_corners'],
    interpolation,
  }),
  row('torch.nn.UpsamplingNearest2d', 'resize', 'layer', {
    stride: scale,
    parameters: ['size', 'scale_factor'],
    interpolation: { ...interpolation, mode: { always: 'nearest' }, alignCorners: null },
  }),
  row('torch.nn.functional.unfold', 'subsample', 'operation', {
    dimensions: 2,
    kernel,
    stride: convStride,
    parameters: ['kernel_size', 'dilation', 'padding', 'stride'],
  }),
  row('torch.nn.Unfold', 'subsample', 'layer', {
    dimensions: 2,
    kernel,
    stride: convStride,
    parameters: ['kernel_size', 'dilation', 'padding', 'stride'],
  }),
  row('torch.nn.PixelUnshuffle', 'space-to-depth', 'layer', { dimensions: 2, stride: block, parameters: ['downscale_factor'] }),
  ...['torch.nn.functional', 'torch'].map((module) =>
    row(`${module}.pixel_unshuffle`, 'space-to-depth', 'operation', { dimensions: 2, stride: block, parameters: ['downscale_factor'] }),
  ),
];

/** What our own module has. */
const own: readonly Callable[] = imageDimensions.flatMap((n) => [
  blur(`blurpool_torch.BlurPool${n}d`, 'layer', 'stride', ['stride', 'filter_size']),
  blur(`blurpool_torch.blur_pool${n}d`, 'operation', 'stride', ['stride', 'filter_size']),
  ...rows('blurpool_torch', 'blur', 'layer', `MaxBlurPool${n}d AvgBlurPool${n}d BlurConv${n}d`),
  ...rows('blurpool_torch', 'blur', 'operation', `max_blur_pool${n}d avg_blur_pool${n}d`),
]);

const activations =
  'CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid Mish PReLU ReLU ReLU6 RReLU SELU SiLU Sigmoid Softplus Softshrink Softsign Tanh Tanhshrink Threshold';
const activationOperations =
  'celu elu elu_ gelu hardshrink hardsigmoid hardswish hardtanh leaky_relu leaky_relu_ logsigmoid mish prelu relu relu_ relu6 rrelu selu sigmoid silu softplus softshrink softsign tanh tanhshrink threshold';

/** PyTorch: `torch.nn`, `torch.nn.functional`, and the low-pass filters of libraries. */
export const table: FrameworkTable = {
  id: 'torch',
  languages: ['python'],
  channelsFirst: true,
  modules: [
    ['torch', 'torch'],
    ['torch.nn.modules', 'torch.nn'],
    ['torch.nn.modules.pooling', 'torch.nn'],
    ['torch.nn.modules.conv', 'torch.nn'],
    ['torch.nn.modules.activation', 'torch.nn'],
    ['torch.nn.modules.upsampling', 'torch.nn'],
    ['torch.nn.modules.fold', 'torch.nn'],
    ['torch.nn.modules.pixelshuffle', 'torch.nn'],
    ['torch.nn.modules.container', 'torch.nn'],
    ...torchLibraries.map(({ name }) => [name, name] as const),
    ...blockTables.flatMap(({ modules }) => modules),
  ],
  callables: [
    ...layers,
    ...operations,
    ...samplers,
    ...rows(
      'torch',
      'constant',
      'operation',
      'tensor Tensor FloatTensor as_tensor from_numpy ones zeros full linspace arange hann_window hamming_window',
    ),
    row('torch.nn.Parameter', 'constant', 'operation', { trainedUnless: 'requires_grad' }),
    ...torchLibraries.flatMap(({ callables }) => callables),
    ...blockTables.flatMap(({ callables }) => callables),
    ...own,
    ...rows('torch.nn', 'activation', 'layer', activations),
    ...rows('torch.nn.functional', 'activation', 'operation', activationOperations),
    ...rows('torch', 'activation', 'operation', 'relu relu_ sigmoid sigmoid_ tanh tanh_ selu celu prelu rrelu'),
    ...rows(
      'torch.nn',
      'pointwise',
      'layer',
      'BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d GroupNorm LocalResponseNorm Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout Identity',
    ),
    ...rows(
      'torch.nn.functional',
      'pointwise',
      'operation',
      'batch_norm instance_norm group_norm local_response_norm dropout dropout1d dropout2d dropout3d alpha_dropout',
    ),
    ...rows('torch.nn', 'sequence', 'layer', 'Sequential'),
    ...rows('torch.nn', 'holder', 'layer', 'ModuleList ModuleDict'),
    ...rows('torch.nn', 'flatten', 'layer', 'Flatten Linear LazyLinear'),
    ...rows('torch', 'flatten', 'operation', 'flatten reshape squeeze'),
    ...rows('torch.nn.functional', 'flatten', 'operation', 'linear'),
  ],
  tensorMethods: {
    relu: 'torch.relu',
    relu_: 'torch.relu',
    sigmoid: 'torch.sigmoid',
    tanh: 'torch.tanh',
    view: 'torch.flatten',
    reshape: 'torch.flatten',
    flatten: 'torch.flatten',
    squeeze: 'torch.flatten',
  },
  templates: [{ module: 'blurpool_torch' }],
  recovery: 'recover_torch',
};
