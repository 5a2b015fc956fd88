import type { Rule } from './rule';
import { kernelText, layerTitle, strideText } from './wording';

/** Max-pooling with stride > 1: a maximum is no low-pass filter, so the subsampling behind it aliases. */
export const stridedMaxPool: Rule = {
  id: 'strided-max-pool',
  defaultSeverity: 'warning',
  summary: 'Max-pooling that subsamples without a low-pass filter.',
  check(layer, context) {
    const { operation } = layer;
    if (operation.kind !== 'max-pool') return undefined;
    return {
      message:
        `${layerTitle(layer)} (${kernelText(operation.window)}, stride ${strideText(context.stride(layer))}) drops maxima ` +
        'without a low-pass filter, so its output changes when the image moves by a pixel. ' +
        'Take the maximum at stride 1 and let a BlurPool do the subsampling.',
    };
  },
};
