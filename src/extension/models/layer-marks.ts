import { nameBeforeFixes } from '../../core/rewrite/fixed-names';
import { layerKey, type ShownLayer } from '../../engine/protocol/reading';
import type { LayerMark } from '../../panel-protocol/model';

/** What tells the layers that fixes have put into a model, and those that they have changed. */
export interface FixMarks {
  /** Every layer before the first fix, as `layerKey` writes them. */
  readonly before: ReadonlySet<string>;
  /** Names of the layers that were fixed. A fix that was taken back leaves its layer here, whose finding is there again. */
  readonly fixed: ReadonlySet<string>;
}

/** How a row of the table is marked; null where no fix has touched its layer. */
export function markOf(
  { layer, op, finding }: Pick<ShownLayer, 'layer' | 'op' | 'finding'>,
  marks: FixMarks | undefined,
): LayerMark | null {
  if (marks === undefined) return null;
  const name = marks.before.has(layerKey(layer, op)) ? layer : nameBeforeFixes(layer);
  if (!marks.before.has(layerKey(name, op))) return 'inserted';
  return finding === null && marks.fixed.has(name) ? 'fixed' : null;
}
