import type { ClassMapView, HeatmapSet, HeatmapView, Picture } from '../../../src/panel-protocol/studies/equivariance';
import type { FeaturesView } from '../../../src/panel-protocol/studies/features';
import type { ToPage } from '../../../src/panel-protocol/to-page';
import type { OutcomeKeeper } from '../../app/outcome';

/** What the latest run has shown, and what the user looks at in it. */
export interface EquivarianceState {
  readonly maps: HeatmapSet | null;
  /** Those of the run before the latest fix, to be shown beside them; null for none. */
  readonly former: HeatmapSet | null;
  /** What the model was shown; null where that is no picture. */
  readonly picture: Picture | null;
  readonly classes: ClassMapView | null;
  /** Index of the map shown large, null for none. */
  readonly enlarged: number | null;
  /** Feature maps looked at in it. */
  readonly features: FeaturesView | null;
}

/**
 * An enlarged map goes with its tab and its maps: it is a modal dialog, which would block the page from a hidden tab, and
 * would come back by itself with the next run.
 */
export const equivarianceKeeper: OutcomeKeeper<EquivarianceState> = {
  nothing: { maps: null, former: null, picture: null, classes: null, enlarged: null, features: null },
  after,
};

function after(state: EquivarianceState, message: ToPage): EquivarianceState {
  switch (message.kind) {
    case 'heatmaps': {
      const { frame, heatmaps, notes, omitted } = message;
      const enlarged = state.enlarged !== null && heatmaps[state.enlarged] === undefined ? null : state.enlarged;
      return { ...state, maps: { frame, heatmaps, notes, omitted }, enlarged };
    }
    case 'heatmap':
      return { ...state, maps: withHeatmap(state.maps, message.heatmap) };
    case 'former':
      return { ...state, former: message.maps };
    case 'picture':
      return { ...state, picture: message.picture };
    case 'classes':
      return { ...state, classes: message.classes };
    case 'features':
      return state.enlarged === null ? state : { ...state, features: message.view };
    case 'model':
      return message.model.error === null ? state : { ...state, enlarged: null };
    case 'show-tab':
      return message.tab === 'equivariance' ? state : { ...state, enlarged: null };
    default:
      return state;
  }
}

/** Fills a placeholder; a map that belongs to no set on show is dropped. */
function withHeatmap(maps: HeatmapSet | null, heatmap: HeatmapView): HeatmapSet | null {
  if (maps?.heatmaps[heatmap.index] === undefined) return maps;
  return { ...maps, heatmaps: maps.heatmaps.with(heatmap.index, heatmap) };
}
