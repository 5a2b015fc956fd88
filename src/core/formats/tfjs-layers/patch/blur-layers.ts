import type { BlurSpecification } from '../../tfjs/fit-blur';
import { planarBlur } from './blur-planar';
import { sequenceBlur } from './blur-sequence';
import { volumeBlur } from './blur-volume';
import type { BlurLayersResult, BlurNames } from './inserted-blur';

/** BlurPool out of stock layers, by the number of spatial axes. */
export function blurLayers(specification: BlurSpecification, names: BlurNames): BlurLayersResult {
  switch (specification.size.length) {
    case 1:
      return sequenceBlur(specification, names);
    case 2:
      return { ok: true, blur: planarBlur(specification, names) };
    case 3:
      return volumeBlur(specification, names);
    default:
      return { ok: false, reason: `TensorFlow.js has no layers for ${specification.size.length} spatial axes` };
  }
}
