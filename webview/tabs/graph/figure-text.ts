import type { LayerRow } from '../../../src/panel-protocol/model';

/** A count with its thousands apart. */
export function countText(count: number | null): string {
  return count === null ? 'not known' : count.toLocaleString('en');
}

/** How much of the image a value is made of. */
export function fieldText(field: LayerRow['receptiveField']): string {
  if (field === null) return 'not known';
  const { size, isGlobal } = field;
  if (size === null) return isGlobal ? 'the whole image' : 'none of the image';
  return `${size[0] === size[1] ? `${size[0]}` : size.join(' × ')} px${isGlobal ? ', and the whole image besides' : ''}`;
}
