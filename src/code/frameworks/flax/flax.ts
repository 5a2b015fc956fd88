import { blurConvolution } from '../../fix/recipes/convolution';
import { replacePool } from '../../fix/recipes/pool';
import type { Framework } from '../framework';
import { blurInSequence } from './sequence';
import { table } from './table';
import { template, writer } from './writer';

/** Flax linen and nnx. */
export const flax: Framework = {
  table,
  libraries: [],
  slices: { template: () => template, name: () => 'blur_pool', stride: 'strides' },
  draft: (work) =>
    work.site.callable.role === 'convolution' ? (blurInSequence(work) ?? blurConvolution(work, writer)) : replacePool(work, writer),
};
