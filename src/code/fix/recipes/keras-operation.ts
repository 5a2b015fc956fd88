import type { BlurTemplate } from '../../finding';
import { refuse, type Draft, type Workplace } from '../draft';
import { takeStride } from '../placement/stride';
import { rangeOf } from '../syntax/nodes';
import { filterLabel, strideLabel } from '../wording';
import { kerasWriter } from './blur-writer';

/** A pool of keras.ops stays, at stride 1, and a blur takes its stride. */
export function blurOperationOfKeras(work: Workplace, template: BlurTemplate): Draft {
  const { site, call, context, finding } = work;
  const stride = takeStride(work);
  if (stride === null) return refuse(`The call does not show which argument of ${site.callee} is the stride.`);
  const { before, after, name } = kerasWriter(template).around(work, stride.text);
  const changes = [...stride.removal, { kind: 'wrap' as const, range: rangeOf(call.node), before, after }];
  return {
    ok: true,
    title: `Blur after ${site.callee}: ${name.exported} (${filterLabel(context)}), ${strideLabel(finding)}`,
    changes,
    names: [name],
    template,
  };
}
