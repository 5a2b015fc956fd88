import { aroundByFunction } from '../../fix/recipes/blur-function';
import { filterArgument, refusesNoPool, type BlurWriter } from '../../fix/recipes/blur-writer';
import { blurConvolution } from '../../fix/recipes/convolution';
import { replacePool } from '../../fix/recipes/pool';
import type { Framework } from '../framework';
import { table } from './table';

const template = 'blurpool_tensorflow';

/** `blur_pool(x, strides=2)`: everything in tf.nn is an operation. */
const writer: BlurWriter = {
  template,
  dropIn: ({ role, dimensions }) => `${role === 'max-pool' ? 'max' : 'avg'}_blur_pool${dimensions === 0 ? '' : `${dimensions}d`}`,
  poolRefusal: refusesNoPool,
  layer: () => null,
  around: (work, stride) => aroundByFunction(work, template, stride),
  filterArgument,
};

/** TensorFlow's operations on tensors. */
export const tensorflow: Framework = {
  table,
  libraries: [],
  slices: { template: () => template, name: () => 'blur_pool', stride: 'strides' },
  draft: (work) => (work.site.callable.role === 'convolution' ? blurConvolution(work, writer) : replacePool(work, writer)),
};
