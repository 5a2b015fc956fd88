import { aroundByFunction } from '../../fix/recipes/blur-function';
import { filterArgument, refusesNoPool, type BlurWriter } from '../../fix/recipes/blur-writer';

/** Our module. */
export const template = 'blurpool_flax';

/** `blur_pool(x, strides=2)`: a blur has no parameters, so it needs no module. */
export const writer: BlurWriter = {
  template,
  dropIn: ({ role }) => (role === 'max-pool' ? 'max_blur_pool' : 'avg_blur_pool'),
  poolRefusal: refusesNoPool,
  layer: () => null,
  around: (work, stride) => aroundByFunction(work, template, stride),
  filterArgument,
};
