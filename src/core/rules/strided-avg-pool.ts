import type { GraphRule } from './rule';
import { isSinglePoint } from './strided-subsample';
import { kernelText, strideText } from './wording';

/** Average-pooling with stride > 1: a box filter, the weakest of low-pass filters. */
export const stridedAvgPool = {
  id: 'strided-avg-pool',
  defaultSeverity: 'information',
  summary: 'Average-pooling, which filters only weakly before it subsamples.',
  concerns: (layer, context) => layer.operation.kind === 'average-pool' && !isSinglePoint(layer) && context.aliases(layer),
  message: ({ title, kernel, stride }) =>
    `${title} (${kernelText(kernel)}, stride ${strideText(stride)}) smooths with a box filter only, which lets part of the ` +
    'aliasing through. Use a BlurPool with a triangular or wider filter instead.',
} as const satisfies GraphRule;
