import { t } from '@vscode/l10n';
import { ownName, type Draft, type Workplace } from '../../fix/draft';
import { canName, takeStride } from '../../fix/placement/stride';
import { childrenOf, rangeOf, withWrapping } from '../../fix/syntax/nodes';
import { strideLabel } from '../../fix/wording';
import { filterArgument } from '../../fix/recipes/blur-writer';
import { sameKernelArgument } from '../../fix/recipes/same-kernel';
import { template } from './writer';

/**
 * A convolution in the list of a Flax Sequential, whose next item is an activation function: that item blurs too, so that no
 * index moves and with it no name of a parameter. Null where the item behind is something else.
 */
export function blurInSequence(work: Workplace): Draft | null {
  const { site, call, finding, context } = work;
  const [place, ...others] = site.activations;
  const isFunction = place?.kind === 'element' && place.range.start < 0 && others.length === 0;
  if (!isFunction || site.escapes || site.outputs !== site.activated) return null;
  const item = withWrapping(call.node);
  const siblings = item.parent === null ? [] : childrenOf(item.parent);
  const next = siblings[siblings.findIndex(({ id }) => id === item.id) + 1];
  const stride = takeStride(work);
  if (stride === null || (next?.type !== 'attribute' && next?.type !== 'identifier') || !canName(work, stride, next)) return null;
  const name = ownName(work, template, 'blur_pool');
  const wrap = {
    kind: 'wrap' as const,
    range: rangeOf(next),
    before: `lambda x: ${name.local}(`,
    after: `(x), strides=${stride.text}${filterArgument(work)}${sameKernelArgument(work)})`,
  };
  const title = t`Blur after ${next.text}: ${name.exported} (${context.filter.label}), ${strideLabel(finding)}`;
  return { ok: true, title, changes: [...stride.removal, wrap], names: [name], template };
}
