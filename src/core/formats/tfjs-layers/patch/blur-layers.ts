import type { BlurSpecification } from '../../../rewrite/plan';
import { planarBlur } from './blur-planar';
import { sequenceBlur, sequenceObstacle } from './blur-sequence';
import { volumeBlur, volumeObstacle } from './blur-volume';
import type { BlurNames, InsertedBlur } from './inserted-blur';

/** Why TensorFlow.js has no layers for a blur, read on after "because"; undefined where it has. */
export function blurObstacle(specification: BlurSpecification): string | undefined {
  switch (specification.size.length) {
    case 1:
      return sequenceObstacle(specification);
    case 2:
      return undefined;
    case 3:
      return volumeObstacle(specification);
    default:
      return `TensorFlow.js has no layers for ${specification.size.length} spatial axes`;
  }
}

/** BlurPool out of stock layers, for a blur that has no obstacle. */
export function blurLayers(specification: BlurSpecification, names: BlurNames): InsertedBlur {
  switch (specification.size.length) {
    case 1:
      return sequenceBlur(specification, names);
    case 3:
      return volumeBlur(specification, names);
    default:
      return planarBlur(specification, names);
  }
}
