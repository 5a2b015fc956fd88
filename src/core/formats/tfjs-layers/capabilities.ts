import { t } from '@vscode/l10n';
import type { FormatCapabilities } from '../../rewrite/capabilities';
import { tfjsCapabilities } from '../tfjs/capabilities';
import { blurObstacle, borderObstacle } from './patch/blur-layers';

/** Borders of layers-models, and blurs of sequences and volumes, are put together as far as stock layers allow. */
export const layersModelCapabilities: FormatCapabilities = {
  ...tfjsCapabilities,
  borders: ['reflect', 'replicate', 'zero'],
  borderObstacle,
  noExplicitPadding: {
    ...tfjsCapabilities.noExplicitPadding,
    // Keras pads a convolution explicitly in one way: in front of a sequence.
    convolution: t('pads causally, which TensorFlow.js does not run, so there is no output that a fix could keep'),
  },
  obstacle: blurObstacle,
};
