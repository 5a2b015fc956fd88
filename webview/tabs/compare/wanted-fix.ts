import { isBlurFilterName, type BlurPadding } from '../../../src/panel-protocol/core/filters';
import type { WantedFix } from '../../../src/panel-protocol/fixes';
import type { AdviceReport } from '../../../src/panel-protocol/studies/advice';
import type { ComparedVariant } from '../../../src/panel-protocol/studies/compare';

/** The fix that makes a compared copy of the model itself; null for the model as it is. */
export function fixOfVariant({ filter, fixed }: Pick<ComparedVariant, 'filter' | 'fixed'>, border: BlurPadding): WantedFix | null {
  if (!isBlurFilterName(filter) || fixed.length === 0) return null;
  return { layers: fixed.map(({ layer }) => layer), blur: { filter, border } };
}

/** The fix of layers that a ranking has measured, with its filter. */
export function fixOfLayers(
  layers: readonly { readonly layer: string }[],
  { filter }: Pick<AdviceReport, 'filter'>,
  border: BlurPadding,
): WantedFix | null {
  if (!isBlurFilterName(filter) || layers.length === 0) return null;
  return { layers: layers.map(({ layer }) => layer), blur: { filter, border } };
}
