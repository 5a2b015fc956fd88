import { t } from '@vscode/l10n';
import { refuse, type Workplace } from '../../fix/draft';
import { blurConvolution } from '../../fix/recipes/convolution';
import { replacePool } from '../../fix/recipes/pool';
import type { Framework } from '../framework';
import { table } from './table';
import { writer } from './writer';

/** TensorFlow.js: layers, operations and operations as methods of tensors. */
export const tfjs: Framework = {
  table,
  libraries: [],
  slices: null,
  draft: (work) => {
    const { role, form } = work.site.callable;
    if (role !== 'convolution') return replacePool(work, writer);
    if (form === 'operation' && hasChannelsFirst(work)) {
      return refuse(t('The BlurPool of TensorFlow.js blurs maps with their channels last, and this one has them first.'));
    }
    return blurConvolution(work, writer);
  },
};

function hasChannelsFirst({ call }: Workplace): boolean {
  return call.list.descendantsOfType('string').some(({ text }) => /^['"]NC[DHW]+['"]$/.test(text));
}
