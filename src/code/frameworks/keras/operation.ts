import { t } from '@vscode/l10n';
import { refuse, type Draft, type Workplace } from '../../fix/draft';
import { takeStride } from '../../fix/placement/stride';
import type { BlurWriter } from '../../fix/recipes/blur-writer';
import { rangeOf } from '../../fix/syntax/nodes';
import { strideLabel } from '../../fix/wording';

/** A pool of keras.ops stays, at stride 1, and a blur takes its stride. */
export function blurOperation(work: Workplace, writer: BlurWriter): Draft {
  const { site, call, context, finding } = work;
  const stride = takeStride(work);
  const blur = stride === null ? null : writer.around(work, stride.text);
  if (stride === null || blur === null) return refuse(t`The call does not show which argument of ${site.callee} is the stride.`);
  const { before, after, name } = blur;
  const changes = [...stride.removal, { kind: 'wrap' as const, range: rangeOf(call.node), before, after }];
  return {
    ok: true,
    title: t`Blur after ${site.callee}: ${name.exported} (${context.filter.label}), ${strideLabel(finding)}`,
    changes,
    names: [name],
    template: writer.template,
  };
}
