import type { Rule } from './rule';
import { kernelText, layerTitle, strideText } from './wording';

/** Average-pooling with stride > 1: a box filter, the weakest of low-pass filters. */
export const stridedAvgPool: Rule = {
  id: 'strided-avg-pool',
  defaultSeverity: 'information',
  summary: 'Average-pooling, which filters only weakly before it subsamples.',
  check(layer, context) {
    const { operation } = layer;
    if (operation.kind !== 'average-pool') return undefined;
    return {
      message:
        `${layerTitle(layer)} (${kernelText(operation.window)}, stride ${strideText(context.stride(layer))}) smooths with a ` +
        'box filter only, which lets part of the aliasing through. Use a BlurPool with a triangular or wider filter instead.',
    };
  },
};
