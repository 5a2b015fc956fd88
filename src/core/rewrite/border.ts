import type { Dimension } from '../graph/model-graph';
import type { ExplicitPadding } from '../graph/window';
import type { BlurPadding } from './plan';

/** What lies beside the map that a blur reads, and what the user should know where it is not what was asked for. */
export interface Border {
  readonly padding: BlurPadding;
  readonly notes: readonly string[];
}

/** The map that a blur reads. */
export interface PaddedMap {
  /** Null where open, which is taken to be large enough. */
  readonly size: readonly Dimension[];
  /** Amounts of padding; negative ones crop. */
  readonly padding: ExplicitPadding;
}

/**
 * The wanted padding, or the next that the format has and the map is large enough for.
 * @param borders values beside the map that the format has, best first
 */
export function chooseBorder(borders: readonly BlurPadding[], wanted: BlurPadding, { size, padding: amounts }: PaddedMap): Border {
  const pads = [...amounts.begin, ...amounts.end].some((amount) => amount > 0);
  if (!pads || wanted === 'zero') return { padding: wanted === 'reflect' && !borders.includes('reflect') ? 'zero' : wanted, notes: [] };
  const available = borders.filter((padding) => padding !== 'reflect' || canReflect(size, amounts));
  const padding = available.includes(wanted) ? wanted : (available[0] ?? 'zero');
  if (padding === wanted) return { padding, notes: [] };
  if (!borders.includes(wanted)) {
    return {
      padding,
      notes: [
        'The border is padded with zeros, since this format has no layer that reflects: samples at the edge are slightly weaker, all others exact.',
      ],
    };
  }
  const what = padding === 'replicate' ? 'repeats its edge' : 'is padded with zeros';
  return { padding, notes: [`The map of ${sizeText(size)} is too small to be reflected, so the border ${what}.`] };
}

/** True where a map is longer than the padding along every axis, after any cropping; open lengths are taken to be. */
export function canReflect(mapSize: readonly Dimension[], { begin, end }: ExplicitPadding): boolean {
  return mapSize.every((length, axis) => {
    if (length === null) return true;
    const amounts = [begin[axis] ?? 0, end[axis] ?? 0];
    const cropped = amounts.reduce((rest, amount) => rest + Math.min(amount, 0), length);
    return amounts.every((amount) => amount < cropped);
  });
}

function sizeText(size: readonly Dimension[]): string {
  return size.map((length) => length ?? '?').join(' x ');
}
