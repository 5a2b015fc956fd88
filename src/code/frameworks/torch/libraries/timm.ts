import { sizedBlur, windowParameter } from '../../rows';
import type { TorchLibrary } from './library';

/** https://huggingface.co/docs/timm: pads by stride and filter, alike on both sides, which keeps the size for strides up to 2. */
export const timm: TorchLibrary = {
  name: 'timm',
  isWelcome: true,
  remark: '',
  callables: ['timm.layers', 'timm.layers.blur_pool', 'timm.models.layers', 'timm.models.layers.blur_pool'].map((module) =>
    sizedBlur(`${module}.BlurPool2d`, 'layer', {
      kernel: windowParameter('filt_size', 3),
      stride: windowParameter('stride', 2),
      parameters: ['channels', 'filt_size', 'stride'],
    }),
  ),
  keepsSize: (filterSize, largestStride) => filterSize % 2 === 1 && largestStride <= 2,
  nameIn: ({ names }) => names.from('timm.layers', 'BlurPool2d'),
  spell: ({ local, stride, channels, filterSize }) => {
    const size = filterSize === 3 ? '' : `, filt_size=${filterSize}`;
    return channels === null ? `${local}(stride=${stride}${size})` : `${local}(${channels}, stride=${stride}${size})`;
  },
};
