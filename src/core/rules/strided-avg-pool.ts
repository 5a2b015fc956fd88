import { t } from '@vscode/l10n';
import type { Layer } from '../graph/model-graph';
import type { GraphRule, RuleContext } from './rule';
import { seesEverySample } from './samples-seen';
import { isSinglePoint } from './strided-subsample';
import { kernelText, strideText } from './wording';

/** Average-pooling with stride > 1: a box filter, the weakest of low-pass filters. Interpolation halfway between pixels is one too. */
export const stridedAvgPool = {
  id: 'strided-avg-pool',
  defaultSeverity: 'information',
  summary: t('Average-pooling, which filters only weakly before it subsamples.'),
  denseStep: 'average',
  concerns: (layer, context) => isAverage(layer, context) && context.aliases(layer),
  detail: ({ operation }) => (operation.kind === 'resize' ? operation.mode : ''),
  message: ({ title, kernel, stride, detail = '' }) => {
    if (detail !== '') {
      const filter = detail === 'cubic' ? t('a cubic filter no wider than for enlarging') : t('an average of 2 samples along each axis');
      return t`${title} (stride ${strideText(stride)}) smooths with ${filter}, which lets part of the aliasing through. Put a blur in front of it.`;
    }
    return t`${title} (${kernelText(kernel)}, stride ${strideText(stride)}) smooths with a box filter only, which lets part of the aliasing through. Use a BlurPool with a triangular or wider filter instead.`;
  },
} as const satisfies GraphRule;

/** Half-pixel interpolation by 1/2 averages pairs, as a pool of 2 does. */
function isAverage(layer: Layer, context: RuleContext): boolean {
  if (layer.operation.kind === 'resize') return layer.operation.antialias !== true && seesEverySample(layer, context.stride(layer));
  return layer.operation.kind === 'average-pool' && !isSinglePoint(layer);
}
