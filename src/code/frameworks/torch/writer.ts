import { t } from '@vscode/l10n';
import { ownName, type Workplace } from '../../fix/draft';
import { dimensionsOf, filterArgument, type BlurLayer, type BlurWriter } from '../../fix/recipes/blur-writer';
import { argumentOf } from '../../fix/placement/arguments';

/** Our module. */
export const template = 'blurpool_torch';

/** `BlurPool2d(stride=2)`. */
export function blurLayer(work: Workplace, stride: string): BlurLayer {
  const name = ownName(work, template, `BlurPool${dimensionsOf(work)}d`);
  return { text: `${name.local}(stride=${stride}${filterArgument(work)})`, name };
}

/** What a pool can be asked for that a blur cannot give. */
function poolRefusal(work: Workplace): string | null {
  const asked = (name: string) => {
    const given = argumentOf(work, name);
    return given.kind === 'written' && !['false', 'none'].includes(given.argument.value.type);
  };
  if (asked('return_indices')) return t('After a blur there is no index of the maximum, so a pool with return_indices has to stay.');
  return asked('divisor_override') ? t('A blur has weights of sum 1, so a pool with divisor_override has to stay.') : null;
}

/** `BlurPool2d(stride=2)` for layers, `blur_pool2d(x, stride=2)` around operations. */
export const writer: BlurWriter = {
  template,
  dropIn: ({ role, form, dimensions }) => {
    const isMax = role === 'max-pool';
    return form === 'layer' ? `${isMax ? 'Max' : 'Avg'}BlurPool${dimensions}d` : `${isMax ? 'max' : 'avg'}_blur_pool${dimensions}d`;
  },
  poolRefusal,
  layer: blurLayer,
  around: (work, stride) => {
    if (work.site.callable.form === 'layer') return null;
    const name = ownName(work, template, `blur_pool${dimensionsOf(work)}d`);
    return { before: `${name.local}(`, after: `, stride=${stride}${filterArgument(work)})`, name };
  },
  filterArgument,
};
