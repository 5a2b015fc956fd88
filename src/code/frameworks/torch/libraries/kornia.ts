import { blur, rows } from '../../rows';
import type { TorchLibrary } from './library';
import { memberOfModule } from './member';

/** https://kornia.readthedocs.io/en/latest/filters.html: pads alike on both sides, and keeps its kernel as a buffer. */
export const kornia: TorchLibrary = {
  name: 'kornia',
  isWelcome: true,
  remark: ' (its kernel joins the state_dict)',
  callables: [
    blur('kornia.filters.BlurPool2D', 'layer', 'stride', ['kernel_size', 'stride']),
    blur('kornia.filters.blur_pool2d', 'operation', 'stride', ['kernel_size', 'stride']),
    ...rows('kornia.filters', 'blur', 'layer', 'MaxBlurPool2D EdgeAwareBlurPool2D'),
    ...rows('kornia.filters', 'blur', 'operation', 'max_blur_pool2d edge_aware_blur_pool2d'),
  ],
  keepsSize: (filterSize) => filterSize % 2 === 1,
  nameIn: (work) => memberOfModule(work, 'kornia.filters', 'BlurPool2D'),
  spell: ({ local, stride, filterSize }) => `${local}(${filterSize}, stride=${stride})`,
};
