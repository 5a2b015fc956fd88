import type { Rule } from './rule';
import { layerTitle, strideText } from './wording';

/** 1x1 convolution with stride > 1, as in ResNet shortcuts: most samples are never looked at. */
export const stridedPointwiseConv: Rule = {
  id: 'strided-pointwise-conv',
  defaultSeverity: 'warning',
  summary: '1x1 convolution that drops samples unseen.',
  check(layer, context) {
    const { operation } = layer;
    if (operation.kind !== 'convolution' || operation.window.kernel.some((length) => length !== 1)) return undefined;
    const stride = context.stride(layer);
    const kept = stride[0] * stride[1];
    return {
      message:
        `${layerTitle(layer)} (1x1, stride ${strideText(stride)}) drops ${kept - 1} of every ${kept} samples unseen, ` +
        'the harshest form of aliasing. Put a BlurPool with that stride in its place and convolve the result at stride 1.',
    };
  },
};
