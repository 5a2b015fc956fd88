import type { TextRange } from '../../../core/formats/format';
import { priceText } from '../../../core/rewrite/price-text';
import type { Finding } from '../../../core/rules/finding';
import type { ShownFinding, ShownFix } from '../../protocol/reading';
import type { TextPlaces } from './text-places';

/** A finding as the editor shows it. @param range of its layer in the text, if it has one */
export function shownFinding(finding: Finding, range: TextRange | undefined, places: TextPlaces): ShownFinding {
  const { rule, severity, layer, message, cumulativeStrideBefore, cumulativeStride, aliasedEnergy, origin } = finding;
  return {
    rule,
    severity,
    layer,
    message,
    cumulativeStrideBefore,
    cumulativeStride,
    aliasedEnergy: aliasedEnergy ?? null,
    origin: origin ?? null,
    place: range === undefined ? null : { start: places.placeOf(range.offset), end: places.placeOf(range.offset + range.length) },
    fix: shownFix(finding),
  };
}

function shownFix({ fix, layer }: Finding): ShownFix {
  if (!fix.ok) return { ok: false, reason: fix.reason };
  const { filter, recipe, blurAfter, notes } = fix.plan;
  return {
    ok: true,
    filter: filter.label,
    place: recipe === 'blur-then-convolution' ? `before ${layer}` : `after ${blurAfter}`,
    notes,
    price: fix.price === undefined ? null : priceText(fix.price),
  };
}
