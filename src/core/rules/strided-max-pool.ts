import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { isSinglePoint } from './strided-subsample';
import { kernelText, strideText } from './wording';

/** Max-pooling with stride > 1: a maximum is no low-pass filter, so the subsampling behind it aliases. */
export const stridedMaxPool = {
  id: 'strided-max-pool',
  defaultSeverity: 'warning',
  summary: t('Max-pooling that subsamples without a low-pass filter.'),
  denseStep: 'maximum',
  concerns: (layer, context) => layer.operation.kind === 'max-pool' && !isSinglePoint(layer) && context.aliases(layer),
  message: ({ title, kernel, stride }) =>
    t`${title} (${kernelText(kernel)}, stride ${strideText(stride)}) drops maxima without a low-pass filter, so its output changes when the image moves by a pixel. Take the maximum at stride 1 and let a BlurPool do the subsampling.`,
} as const satisfies GraphRule;
