import type { LayerRow } from '../../../src/panel-protocol/model';
import type { Settings } from '../../app/settings';

/** The layers that contain every word of the filter in their name, operation or rule, in any case. */
export function matchingLayers(
  layers: readonly LayerRow[],
  { filter, onlyFindings }: Pick<Settings, 'filter' | 'onlyFindings'>,
): readonly LayerRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return layers.filter(({ label, node, tensor, op, finding }) => {
    if (onlyFindings && finding === null) return false;
    const text = `${label} ${node} ${tensor} ${op} ${finding?.rule ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
