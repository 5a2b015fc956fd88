import { t } from '@vscode/l10n';
import type { Layer } from '../graph/model-graph';
import type { GraphRule } from './rule';
import { samplesSeenByResize, seesEverySample } from './samples-seen';
import { strideText } from './wording';

/** True for a window layer that looks at one sample at a time. */
export function isSinglePoint({ operation }: Layer): boolean {
  return 'window' in operation && operation.window.kernel.every((length) => length === 1);
}

/** A layer that only picks samples: strided slice, pool with kernel 1, resize to less without antialiasing. */
export const stridedSubsample = {
  id: 'strided-subsample',
  defaultSeverity: 'warning',
  summary: t('Slice, resize or pool that picks samples without looking at the rest.'),
  denseStep: 'nothing',
  concerns: (layer, context) => isSubsampler(layer) && !seesEverySample(layer, context.stride(layer)) && context.aliases(layer),
  detail: (layer, context) => {
    const step = Math.max(...context.stride(layer));
    const seen = samplesSeenByResize(layer, step);
    return seen === 1 ? t('keeps one') : t`looks at ${seen}`;
  },
  message: ({ title, stride, detail = t('keeps one') }) =>
    t`${title} ${detail} of every ${strideText(stride)} samples along an axis and never looks at the rest, so all that is finer than the new grid aliases. Put a blur in front of it.`,
} as const satisfies GraphRule;

function isSubsampler(layer: Layer): boolean {
  const { kind } = layer.operation;
  if (kind === 'max-pool' || kind === 'average-pool') return isSinglePoint(layer);
  return kind === 'slice' || (kind === 'resize' && layer.operation.antialias !== true);
}
