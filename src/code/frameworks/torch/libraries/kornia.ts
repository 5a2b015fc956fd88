import { t } from '@vscode/l10n';
import { row, rows, sizedBlur, windowParameter } from '../../rows';
import type { TorchLibrary } from './library';
import { memberOfModule } from './member';

const window = {
  kernel: windowParameter('kernel_size', null),
  stride: windowParameter('stride', 2),
  parameters: ['kernel_size', 'stride'],
} as const;

/** For filters that keep every sample. */
const everySample = windowParameter('stride', 1);

/** https://kornia.readthedocs.io/en/latest/filters.html: pads alike on both sides, and keeps its kernel as a buffer. */
export const kornia: TorchLibrary = {
  name: 'kornia',
  isWelcome: true,
  remark: t(' (its kernel joins the state_dict)'),
  callables: [
    sizedBlur('kornia.filters.BlurPool2D', 'layer', window),
    sizedBlur('kornia.filters.blur_pool2d', 'operation', window),
    ...['GaussianBlur2d', 'BoxBlur'].map((name) => row(`kornia.filters.${name}`, 'blur', 'layer', { stride: everySample })),
    ...['gaussian_blur2d', 'box_blur'].map((name) => row(`kornia.filters.${name}`, 'blur', 'operation', { stride: everySample })),
    ...rows('kornia.filters', 'blur', 'layer', 'MaxBlurPool2D EdgeAwareBlurPool2D'),
    ...rows('kornia.filters', 'blur', 'operation', 'max_blur_pool2d edge_aware_blur_pool2d'),
  ],
  keepsSize: (filterSize) => filterSize % 2 === 1,
  nameIn: (work) => memberOfModule(work, 'kornia.filters', 'BlurPool2D'),
  spell: ({ local, stride, filterSize }) => `${local}(${filterSize}, stride=${stride})`,
};
