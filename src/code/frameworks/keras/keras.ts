import { t } from '@vscode/l10n';
import { refuse } from '../../fix/draft';
import { blurConvolution } from '../../fix/recipes/convolution';
import { replacePool } from '../../fix/recipes/pool';
import type { Framework } from '../framework';
import { blurOperation } from './operation';
import { recurrentStem, table } from './table';
import { writerWith } from './writer';

/** Our module that goes with an import: `tf.keras` has another Keras than `keras`. Null where there is none. */
function templateFor(importedAs: string | null): string | null {
  if (importedAs?.startsWith('tf_keras') === true) return null;
  return importedAs?.startsWith('tensorflow') === true ? 'blurpool_tensorflow' : 'blurpool_keras';
}

const recurrent = t(
  'A ConvLSTM drops samples inside its recurrence, where no blur can stand. Run it at stride 1 and blur the maps that it gives, each by itself.',
);

/** Keras 2 and 3, on its own and as `tf.keras`. */
export const keras: Framework = {
  table,
  libraries: [],
  slices: {
    template: (document) => (/^[ \t]*(?:from|import)[ \t]+tensorflow\b/m.test(document) ? 'blurpool_tensorflow' : 'blurpool_keras'),
    name: () => 'blur_pool',
    stride: 'strides',
  },
  draft: (work) => {
    const template = templateFor(work.site.importedAs);
    if (template === null)
      return refuse(t('The tf_keras package has layers of its own kind, which no BlurPool module of Shiftlint goes with.'));
    const writer = writerWith(template);
    const { role, form, path } = work.site.callable;
    if (path.includes(`.${recurrentStem}`)) return refuse(recurrent);
    if (role === 'convolution') return blurConvolution(work, writer);
    return form === 'operation' ? blurOperation(work, writer) : replacePool(work, writer);
  },
};
