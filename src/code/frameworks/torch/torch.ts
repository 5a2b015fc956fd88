import { blurConvolution } from '../../fix/recipes/convolution';
import { replacePool } from '../../fix/recipes/pool';
import type { Framework } from '../framework';
import { blurLayerConvolution } from './convolution';
import { torchLibraries } from './libraries/registry';
import { blurPoolByLibrary } from './library';
import { table } from './table';
import { template, writer } from './writer';

/** PyTorch, with the libraries that have a BlurPool for it. */
export const torch: Framework = {
  table,
  libraries: torchLibraries,
  slices: { template: () => template, name: (dimensions) => `blur_pool${dimensions}d`, stride: 'stride' },
  draft: (work) => {
    const { role, form } = work.site.callable;
    if (role !== 'convolution') return blurPoolByLibrary(work) ?? replacePool(work, writer);
    return form === 'layer' ? blurLayerConvolution(work) : blurConvolution(work, writer);
  },
};
