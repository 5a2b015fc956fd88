import type { Dimension, FormatId } from '../graph/model-graph';
import type { ExplicitPadding } from '../graph/window';
import type { BlurPadding } from './plan';

/** Values beside the map that each format can express with its stock operators, best first. */
const borders: Readonly<Record<FormatId, readonly BlurPadding[]>> = {
  onnx: ['reflect', 'replicate', 'zero'],
  'tfjs-graph': ['reflect', 'zero'],
  'tfjs-layers': ['zero'],
};

/** What lies beside the map that a blur reads, and what the user should know where it is not what was asked for. */
export interface Border {
  readonly padding: BlurPadding;
  readonly notes: readonly string[];
}

/**
 * The wanted padding, or the next that the format has and the map is large enough for.
 * @param mapSize of the map that is blurred; null where open, which is taken to be large enough
 * @param amounts of padding; negative ones crop
 */
export function chooseBorder(format: FormatId, wanted: BlurPadding, mapSize: readonly Dimension[], amounts: ExplicitPadding): Border {
  const pads = [...amounts.begin, ...amounts.end].some((amount) => amount > 0);
  if (!pads || wanted === 'zero')
    return { padding: wanted === 'reflect' && !borders[format].includes('reflect') ? 'zero' : wanted, notes: [] };
  const available = borders[format].filter((padding) => padding !== 'reflect' || canReflect(mapSize, amounts));
  const padding = available.includes(wanted) ? wanted : (available[0] ?? 'zero');
  if (padding === wanted) return { padding, notes: [] };
  if (!borders[format].includes(wanted)) {
    return {
      padding,
      notes: [
        'The border is padded with zeros, since this format has no layer that reflects: samples at the edge are slightly weaker, all others exact.',
      ],
    };
  }
  const what = padding === 'replicate' ? 'repeats its edge' : 'is padded with zeros';
  return { padding, notes: [`The map of ${sizeText(mapSize)} is too small to be reflected, so the border ${what}.`] };
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
