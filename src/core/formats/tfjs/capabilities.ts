import { t } from '@vscode/l10n';
import type { FormatCapabilities } from '../../rewrite/capabilities';

const unpaddedPool = t('has explicit padding, which TensorFlow.js does not run for pools, so there is no output that a fix could keep');

/** What both TensorFlow.js formats have in common: layers keep SAME and VALID as their padding, and values are float32. */
export const tfjsCapabilities: FormatCapabilities = {
  runtime: 'TensorFlow.js',
  borders: ['zero'],
  elementTypes: ['float32'],
  samePadding: 'by-rule',
  // In volumes, tfjs (4.22) works out negative padding where windows do not reach the end of the map; native kernels pad nothing.
  shortSame: {
    least: 0,
    ranks: [3],
    reason: t(
      'has SAME windows shorter than its stride, which the backends of TensorFlow.js place differently in volumes, so there is no one output to keep',
    ),
  },
  noExplicitPadding: { 'max-pool': unpaddedPool, 'average-pool': unpaddedPool },
  poolPaddingWithinKernel: false,
  dilatedStrides: false,
};
