import type { GraphRule } from './rule';
import { kernelText, strideText } from './wording';

/** Average-pooling with stride > 1: a box filter, the weakest of low-pass filters. */
export const stridedAvgPool: GraphRule = {
  id: 'strided-avg-pool',
  defaultSeverity: 'information',
  summary: 'Average-pooling, which filters only weakly before it subsamples.',
  concerns: ({ operation }) => operation.kind === 'average-pool',
  message: ({ title, kernel, stride }) =>
    `${title} (${kernelText(kernel)}, stride ${strideText(stride)}) smooths with a box filter only, which lets part of the ` +
    'aliasing through. Use a BlurPool with a triangular or wider filter instead.',
};
