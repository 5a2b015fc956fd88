import { t } from '@vscode/l10n';
import { ownName, type Workplace } from '../../fix/draft';
import { binomialSize, isDefault, tapsText } from '../../fix/filter';
import { dimensionsOf, filterArgument, formatArgument, type BlurLayer, type BlurWriter } from '../../fix/recipes/blur-writer';
import { sameKernelArgument } from '../../fix/recipes/same-kernel';
import { inputOf, isMethodForm } from '../../fix/placement/arguments';

/** Our module. */
const template = 'blurpool';

/** `blurPool2d({strides: 2})`, `blurPool2d({strides: 2}).apply(x)`, and `blurPool(x, 2)` for operations. */
export const writer: BlurWriter = {
  template,
  dropIn: ({ role, form, dimensions }) => {
    const isMax = role === 'max-pool';
    if (form === 'layer') return `${isMax ? 'max' : 'average'}BlurPooling${dimensions}d`;
    return dimensions === 2 ? (isMax ? 'maxBlurPool' : 'averageBlurPool') : null;
  },
  poolRefusal: (work) => (work.site.callable.form === 'operation' ? operationRefusal(work) : null),
  layer: (work, stride) => (work.site.callable.form === 'layer' ? layerFor(work, stride) : null),
  around: (work, stride) => {
    const { form, dimensions } = work.site.callable;
    if (form === 'layer') {
      const { text, name } = layerFor(work, stride);
      return { before: `${text}.apply(`, after: ')', name };
    }
    if (dimensions !== 2) return null;
    const name = ownName(work, template, 'blurPool');
    return { before: `${name.local}(`, after: `, ${stride}${positionalFilter(work)})`, name };
  },
  filterArgument: (work) => (work.site.callable.form === 'layer' ? filterArgument(work) : positionalFilter(work)),
};

/** Our functions take the filter by position: its length, or its taps. */
function positionalFilter({ context: { filter } }: Workplace): string {
  return isDefault(filter) ? '' : `, ${binomialSize(filter) ?? tapsText(filter)}`;
}

function layerFor(work: Workplace, stride: string): BlurLayer {
  const name = ownName(work, template, `blurPool${dimensionsOf(work)}d`);
  const strides = stride === 'strides' ? 'strides' : `strides: ${stride}`;
  const space = /\{ /.test(work.call.list.text) ? ' ' : '';
  return {
    text: `${name.local}({${space}${strides}${filterArgument(work)}${formatArgument(work)}${sameKernelArgument(work)}${space}})`,
    name,
  };
}

/** Our functions take map, window, stride and padding, told apart by their places. */
function operationRefusal(work: Workplace): string | null {
  const { site, call } = work;
  const taken = isMethodForm(work) ? 3 : 4;
  if (call.arguments.length > taken) return t`The BlurPool of TensorFlow.js knows no argument of ${site.callee} behind its padding.`;
  if (call.arguments.some(({ isSpread }) => isSpread) || inputOf(work) === null)
    return t('The arguments are spread from a list, so they cannot be told apart.');
  if (call.arguments.length < taken && positionalFilter(work) !== '')
    return t`${site.callee} is called without its padding, behind which the BlurPool of TensorFlow.js takes its filter.`;
  return null;
}
