import { ownName, type Workplace } from '../draft';
import { filterArgument, formatArgument, type BlurAround } from './blur-writer';
import { sameKernelArgument } from './same-kernel';

/** `blur_pool(x, strides=2)`, which three of our modules have for maps of any rank. */
export function aroundByFunction(work: Workplace, template: string, stride: string): BlurAround {
  const name = ownName(work, template, 'blur_pool');
  return {
    before: `${name.local}(`,
    after: `, strides=${stride}${filterArgument(work)}${formatArgument(work)}${sameKernelArgument(work)})`,
    name,
  };
}
