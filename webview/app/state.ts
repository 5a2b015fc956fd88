import type { AdviceReport, CompareReport } from '../../src/core/report/compare-report';
import type { ConsistencyReport } from '../../src/core/report/consistency-report';
import type {
  ClassMapView,
  FeaturesView,
  HeatmapView,
  InputsView,
  ModelView,
  ShiftFrame,
  TaskName,
  TaskView,
  ToWebview,
} from '../../src/panel-protocol/messages';
import { defaultSettings, type Settings } from './settings';

/** The maps of one measurement, in depth order; those still to come have no tile. */
export interface HeatmapSet {
  readonly frame: ShiftFrame;
  readonly heatmaps: readonly HeatmapView[];
  readonly notes: readonly string[];
  readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
}

/** Everything the page shows. */
export interface PageState {
  /** Null until the extension has answered. */
  readonly model: ModelView | null;
  readonly inputs: InputsView | null;
  readonly tasks: Readonly<Record<TaskName, TaskView>>;
  readonly maps: HeatmapSet | null;
  readonly classes: ClassMapView | null;
  readonly consistency: ConsistencyReport | null;
  readonly comparison: CompareReport | null;
  readonly advice: AdviceReport | null;
  /** Index of the map shown large, null for none. */
  readonly enlarged: number | null;
  /** Feature maps looked at in it. */
  readonly features: FeaturesView | null;
  readonly settings: Settings;
}

const idle: TaskView = { state: 'idle' };

/** The page before the extension has said anything. */
export function initialState(settings: Settings = defaultSettings): PageState {
  return {
    model: null,
    inputs: null,
    tasks: { measure: idle, consistency: idle, compare: idle, advise: idle },
    maps: null,
    classes: null,
    consistency: null,
    comparison: null,
    advice: null,
    enlarged: null,
    features: null,
    settings,
  };
}

/** What a task that starts anew takes off the page. */
const results: Readonly<Record<TaskName, Partial<PageState>>> = {
  measure: { maps: null, classes: null, enlarged: null, features: null },
  consistency: { consistency: null },
  compare: { comparison: null },
  advise: { advice: null },
};

/**
 * The page after a message of the extension. An enlarged map goes with its tab and its maps: it is a modal dialog, which
 * would block the page from a hidden tab, and would come back by itself with the next measurement.
 */
export function reduce(state: PageState, message: ToWebview): PageState {
  switch (message.kind) {
    case 'model':
      return { ...state, model: message.model, enlarged: message.model.error === null ? state.enlarged : null };
    case 'inputs':
      return { ...state, inputs: message.inputs };
    case 'task': {
      const tasks = { ...state.tasks, [message.task]: message.view };
      return startsAnew(state.tasks[message.task], message.view) ? { ...state, ...results[message.task], tasks } : { ...state, tasks };
    }
    case 'heatmaps': {
      const { frame, heatmaps, notes, omitted } = message;
      const enlarged = state.enlarged !== null && heatmaps[state.enlarged] === undefined ? null : state.enlarged;
      return { ...state, maps: { frame, heatmaps, notes, omitted }, enlarged };
    }
    case 'heatmap':
      return { ...state, maps: withHeatmap(state.maps, message.heatmap) };
    case 'classes':
      return { ...state, classes: message.classes };
    case 'features':
      return state.enlarged === null ? state : { ...state, features: message.view };
    case 'consistency':
      return { ...state, consistency: message.report };
    case 'compare':
      return { ...state, comparison: message.report };
    case 'advise':
      return { ...state, advice: message.report };
    case 'show-tab':
      return {
        ...state,
        settings: { ...state.settings, tab: message.tab },
        enlarged: message.tab === 'equivariance' ? state.enlarged : null,
      };
  }
}

/** A run that has just been asked for has neither backend nor work done: the results of the one before no longer count. */
function startsAnew(before: TaskView, view: TaskView): boolean {
  return view.state === 'running' && view.backend === null && view.done === 0 && (before.state !== 'running' || before.done > 0);
}

/** Fills a placeholder; a map that belongs to no set on show is dropped. */
function withHeatmap(maps: HeatmapSet | null, heatmap: HeatmapView): HeatmapSet | null {
  if (maps?.heatmaps[heatmap.index] === undefined) return maps;
  return { ...maps, heatmaps: maps.heatmaps.with(heatmap.index, heatmap) };
}
