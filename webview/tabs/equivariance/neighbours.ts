import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import type { Neighbours } from '../../heatmap/enlarged/enlarged';
import { isMeasured } from '../../heatmap/reading';

/** The measured maps next to one, by depth. */
export function neighboursOf(heatmaps: readonly HeatmapView[], index: number): Neighbours {
  const previous = heatmaps.slice(0, index).findLast(isMeasured);
  const next = heatmaps.slice(index + 1).find(isMeasured);
  return { previous: previous?.index ?? null, next: next?.index ?? null };
}
