import { sameScale, scaleChoices, valueScale, type ValueScale } from '../../src/panel-protocol/core/value-scale';

/** The scale of a map that was told no other. */
export const defaultScale: ValueScale = valueScale(scaleChoices[0], 1);

/** Whether a scale differs from the one before, as lit asks of a property: an equal one must not repaint every map. */
export function scaleChanged(scale: ValueScale, before: ValueScale | undefined): boolean {
  return !sameScale(scale, before);
}
