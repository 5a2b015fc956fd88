import { t } from '@vscode/l10n';
import { cutAndPadded, type PaddedMap } from '../../../rewrite/padded-map';
import type { BlurPadding, BlurSpecification } from '../../../rewrite/plan';
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
      return t`TensorFlow.js has no layers for ${specification.size.length} spatial axes`;
  }
}

/** Each sample beside the map takes a layer; usual blurs have one or two on each side. */
const mostBorderSamples = 256;

/** Why stock layers cannot lay a border round a map, read on after "since". */
export function borderObstacle(border: BlurPadding, { size, ...map }: PaddedMap): string | undefined {
  if (border === 'zero') return undefined;
  if (size.length > 2) return t('TensorFlow.js has no layers that reflect volumes');
  const { begin, end } = cutAndPadded(map).added;
  const isOpen = size.some((length, axis) => length === null && Math.max(begin[axis] ?? 0, end[axis] ?? 0) > 0);
  if (isOpen) return t('TensorFlow.js has no layers that reflect maps of open or several sizes');
  const samples = [...begin, ...end].reduce((sum, amount) => sum + amount, 0);
  return samples > mostBorderSamples
    ? t`its ${samples} samples would take a layer each, and at most ${mostBorderSamples} are written`
    : undefined;
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
