import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { isSinglePoint } from './strided-subsample';
import { kernelText, strideText } from './wording';

/** Convolution (also depthwise, grouped, quantized) with stride > 1 and a kernel wider than one sample. */
export const stridedConv = {
  id: 'strided-conv',
  defaultSeverity: 'warning',
  summary: t('Convolution that subsamples without a low-pass filter.'),
  denseStep: 'convolution',
  concerns: (layer, context) =>
    layer.operation.kind === 'convolution' && !isSinglePoint(layer) && context.aliases(layer) && !context.isPatchEmbedding(layer),
  message: ({ title, kernel, stride }) =>
    t`${title} (${kernelText(kernel)}, stride ${strideText(stride)}) drops samples of learned filters that pass frequencies beyond the new sampling limit, so they alias. Convolve at stride 1 and let a BlurPool behind the activation do the subsampling.`,
} as const satisfies GraphRule;
