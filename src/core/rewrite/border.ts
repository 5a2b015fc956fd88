import { t } from '@vscode/l10n';
import type { Dimension } from '../graph/model-graph';
import type { FormatCapabilities } from './capabilities';
import { cutAndPadded, type CutAndPadded, type PaddedMap } from './padded-map';
import type { BlurPadding } from './plan';

/** What lies beside the map that a blur reads, and what the user should know where it is not what was asked for. */
export interface Border {
  readonly padding: BlurPadding;
  readonly notes: readonly string[];
}

/** The wanted padding, or the next that the format has for the map and the map is large enough for. */
export function chooseBorder(
  capabilities: Pick<FormatCapabilities, 'borders' | 'borderObstacle'>,
  wanted: BlurPadding,
  map: PaddedMap,
): Border {
  const { borders } = capabilities;
  const { size } = map;
  const { cut, added } = cutAndPadded(map);
  const obstacle = (padding: BlurPadding): string | undefined =>
    borders.includes(padding)
      ? capabilities.borderObstacle?.(padding, map)
      : padding === 'replicate'
        ? t('this format has no layer that repeats an edge')
        : t('this format has no layer that reflects');
  const pads = [...added.begin, ...added.end].some((amount) => amount > 0);
  if (!pads || wanted === 'zero') return { padding: wanted === 'reflect' && !borders.includes('reflect') ? 'zero' : wanted, notes: [] };
  const available = borders.filter(
    (padding) => obstacle(padding) === undefined && (padding !== 'reflect' || canReflect(size, { cut, added })),
  );
  const padding = available.includes(wanted) ? wanted : (available[0] ?? 'zero');
  if (padding === wanted) return { padding, notes: [] };
  const missing = obstacle(wanted);
  if (missing !== undefined) {
    return {
      padding,
      notes: [t`The border is padded with zeros, since ${missing}: samples at the edge are slightly weaker, all others exact.`],
    };
  }
  const note =
    padding === 'replicate'
      ? t`The map of ${sizeText(size)} is too small to be reflected, so the border repeats its edge.`
      : t`The map of ${sizeText(size)} is too small to be reflected, so the border is padded with zeros.`;
  return { padding, notes: [note] };
}

/** True where what is left of a map is longer than the padding along every axis; open lengths are taken to be. */
function canReflect(mapSize: readonly Dimension[], { cut, added }: CutAndPadded): boolean {
  return mapSize.every((length, axis) => {
    if (length === null) return true;
    const left = length - (cut.begin[axis] ?? 0) - (cut.end[axis] ?? 0);
    return [added.begin[axis] ?? 0, added.end[axis] ?? 0].every((amount) => amount < left);
  });
}

function sizeText(size: readonly Dimension[]): string {
  return size.map((length) => length ?? '?').join(' x ');
}
