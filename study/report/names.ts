import { blurFilter } from '../../src/core/rewrite/filters';
import type { NetworkName } from '../network/networks';
import type { BlurName } from '../settings';

/** How people read a network's name. */
export const networkLabels: Readonly<Record<NetworkName, string>> = { vgg: 'VGG', densenet: 'DenseNet' };

/** How people read a blur's name. */
export function blurLabel(blur: BlurName): string {
  return blur === 'none' ? 'none' : blurFilter(blur).label;
}
