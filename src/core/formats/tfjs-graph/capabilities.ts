import { t } from '@vscode/l10n';
import type { FormatCapabilities } from '../../rewrite/capabilities';
import { tfjsCapabilities } from '../tfjs/capabilities';

/** Graph-models have nodes that reflect, and a depthwise convolution for maps alone, with the channels last. */
export const graphModelCapabilities: FormatCapabilities = {
  ...tfjsCapabilities,
  borders: ['reflect', 'zero'],
  ranks: {
    allowed: [2],
    reason: t('TensorFlow.js has a depthwise convolution, which a blur is, for maps of two spatial axes only'),
  },
  layouts: {
    allowed: ['channels-last'],
    reason: t('its channels stand before the positions, where TensorFlow.js has no depthwise convolution'),
  },
};
