import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { isSinglePoint } from './strided-subsample';
import { kernelText, strideText } from './wording';

/** 1x1 convolution with stride > 1, as in ResNet shortcuts: most samples are never looked at. */
export const stridedPointwiseConv = {
  id: 'strided-pointwise-conv',
  defaultSeverity: 'warning',
  summary: t('1x1 convolution that drops samples unseen.'),
  denseStep: 'convolution',
  concerns: (layer, context) => layer.operation.kind === 'convolution' && isSinglePoint(layer) && context.aliases(layer),
  message: ({ title, kernel, stride }) => {
    const kept = stride.reduce<number>((product, step) => product * (step ?? 1), 1);
    return t`${title} (${kernelText(kernel)}, stride ${strideText(stride)}) drops ${kept - 1} of every ${kept} samples unseen, the harshest form of aliasing. Put a BlurPool with that stride in its place and convolve the result at stride 1.`;
  },
} as const satisfies GraphRule;
