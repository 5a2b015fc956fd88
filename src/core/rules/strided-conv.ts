import { isLowPass } from '../rewrite/low-pass';
import type { Rule } from './rule';
import { kernelText, layerTitle, strideText } from './wording';

/** Convolution (also depthwise, grouped, quantized) with stride > 1 and a kernel wider than one sample. */
export const stridedConv: Rule = {
  id: 'strided-conv',
  defaultSeverity: 'warning',
  summary: 'Convolution that subsamples without a low-pass filter.',
  check(layer, context) {
    const { operation } = layer;
    if (operation.kind !== 'convolution' || isLowPass(operation)) return undefined;
    if (operation.window.kernel.every((length) => length === 1)) return undefined;
    return {
      message:
        `${layerTitle(layer)} (${kernelText(operation.window)}, stride ${strideText(context.stride(layer))}) drops samples of ` +
        'learned filters that pass frequencies beyond the new sampling limit, so they alias. ' +
        'Convolve at stride 1 and let a BlurPool behind the activation do the subsampling.',
    };
  },
};
