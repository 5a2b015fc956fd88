import type { AxisPair } from '../src/core/graph/model-graph';
import type { HeatmapView, MeasureView, ModelView, ToWebview } from '../src/extension/webview-protocol';
import { defaultSettings, type Settings } from './settings';

/** The maps of one measurement, in depth order; those still to come have no tile. */
export interface HeatmapSet {
  readonly imageSize: AxisPair;
  readonly heatmaps: readonly HeatmapView[];
  readonly notes: readonly string[];
  readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
}

/** Everything the page shows. */
export interface PageState {
  /** Null until the extension has answered. */
  readonly model: ModelView | null;
  readonly measure: MeasureView;
  readonly maps: HeatmapSet | null;
  /** Null for the built-in test pattern. */
  readonly imageName: string | null;
  /** Index of the map shown large, null for none. */
  readonly enlarged: number | null;
  readonly settings: Settings;
}

/** The page before the extension has said anything. */
export function initialState(settings: Settings = defaultSettings): PageState {
  return { model: null, measure: { state: 'idle' }, maps: null, imageName: null, enlarged: null, settings };
}

/**
 * The page after a message of the extension. An enlarged map goes with its tab and its maps: it is a modal dialog, which
 * would block the page from a hidden tab, and would come back by itself with the next measurement.
 */
export function reduce(state: PageState, message: ToWebview): PageState {
  switch (message.kind) {
    case 'model':
      return { ...state, model: message.model, enlarged: message.model.error === null ? state.enlarged : null };
    case 'measure':
      return startsAnew(message.measure)
        ? { ...state, measure: message.measure, maps: null, enlarged: null }
        : { ...state, measure: message.measure };
    case 'heatmaps': {
      const { imageSize, heatmaps, notes, omitted } = message;
      return { ...state, maps: { imageSize, heatmaps, notes, omitted } };
    }
    case 'heatmap':
      return { ...state, maps: withHeatmap(state.maps, message.heatmap) };
    case 'input':
      return { ...state, imageName: message.imageName };
    case 'show-tab':
      return {
        ...state,
        settings: { ...state.settings, tab: message.tab },
        enlarged: message.tab === 'equivariance' ? state.enlarged : null,
      };
  }
}

/** A run without a backend has just been asked for: the maps of the one before no longer count. */
function startsAnew(measure: MeasureView): boolean {
  return measure.state === 'running' && measure.backend === null;
}

/** Fills a placeholder; a map that belongs to no set on show is dropped. */
function withHeatmap(maps: HeatmapSet | null, heatmap: HeatmapView): HeatmapSet | null {
  if (maps?.heatmaps[heatmap.index] === undefined) return maps;
  return { ...maps, heatmaps: maps.heatmaps.with(heatmap.index, heatmap) };
}
