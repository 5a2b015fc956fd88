import type { FormatCapabilities } from '../../rewrite/capabilities';
import { tfjsCapabilities } from '../tfjs/capabilities';
import { blurObstacle } from './patch/blur-layers';

/** Layers-models have no layer that reflects; blurs of sequences and volumes are put together as far as other layers allow. */
export const layersModelCapabilities: FormatCapabilities = {
  ...tfjsCapabilities,
  noExplicitPadding: {
    ...tfjsCapabilities.noExplicitPadding,
    // Keras pads a convolution explicitly in one way: in front of a sequence.
    convolution: 'pads causally, which TensorFlow.js does not run, so there is no output that a fix could keep',
  },
  obstacle: blurObstacle,
};
