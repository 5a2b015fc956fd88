import { t } from '@vscode/l10n';
import type { FormatCapabilities } from '../../rewrite/capabilities';

/** ONNX has Pad with every border and depthwise convolutions of any rank and float type; padding can always be spelt out. */
export const onnxCapabilities: FormatCapabilities = {
  runtime: 'ONNX Runtime',
  borders: ['reflect', 'replicate', 'zero'],
  elementTypes: ['bfloat16', 'float16', 'float32', 'float64'],
  samePadding: 'spelt-out',
  // Where the stride is 3 or more beyond the kernel, SAME would take samples away instead of adding some. TensorFlow then adds
  // none; ONNX Runtime 1.30 starts one sample late under SAME_UPPER (length 12, stride 4, kernel 1 reads 1, 5, 9).
  shortSame: { least: -2, reason: t('has a SAME padding below zero, which runtimes read differently: give it explicit pads first') },
  noExplicitPadding: {},
  poolPaddingWithinKernel: true,
  dilatedStrides: true,
};
