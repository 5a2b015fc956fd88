import type { LastFix } from '../../src/panel-protocol/fixes';
import type { InputsView } from '../../src/panel-protocol/inputs';
import type { LayerRow, ModelView } from '../../src/panel-protocol/model';
import type { LayerFacts, WeightsMessage } from '../../src/panel-protocol/network';
import type { RunView } from '../../src/panel-protocol/run';
import type { StudyName } from '../../src/panel-protocol/studies/table';
import type { ToPage } from '../../src/panel-protocol/to-page';
import type { NetworkState } from '../graph/network';
import { cleared, nothingShown, outcomesAfter, studyNames, type Outcomes } from './outcomes';
import { defaultSettings, type Settings } from './settings';

/** A layer that the user wants to see; another object each time it is asked for. */
export interface Goal {
  readonly layer: string;
}

/** Everything the page shows. */
export interface PageState {
  /** Null until the extension has answered. */
  readonly model: ModelView | null;
  /** Of the model, as far as they have come; those of the model before until the first of them have. */
  readonly layers: readonly LayerRow[];
  readonly inputs: InputsView | null;
  /** The latest fix that stands; null for none. */
  readonly lastFix: LastFix | null;
  readonly runs: Readonly<Record<StudyName, RunView>>;
  /** What the studies have come to. */
  readonly outcomes: Outcomes;
  readonly settings: Settings;
  /** The layer that the user was led to last; null once they look for something else. */
  readonly goal: Goal | null;
  /** The layer that all tabs mark; null where none was chosen. */
  readonly selected: string | null;
  /** How the layers are connected, as far as it was asked for and has come. */
  readonly network: NetworkState;
  /** What was last asked about a layer. */
  readonly facts: LayerFacts | null;
  readonly weights: WeightsMessage | null;
}

const nothingConnected: NetworkState = { inputs: [], nodes: [] };
const idle: RunView = { state: 'idle' };

/** The page before the extension has said anything. */
export function initialState(settings: Settings = defaultSettings): PageState {
  return {
    model: null,
    layers: [],
    inputs: null,
    lastFix: null,
    runs: Object.fromEntries(studyNames.map((name) => [name, idle])) as PageState['runs'],
    outcomes: nothingShown,
    settings,
    goal: null,
    selected: null,
    network: nothingConnected,
    facts: null,
    weights: null,
  };
}

/** The page after a message of the extension. */
export function reduce(state: PageState, message: ToPage): PageState {
  const after = { ...state, outcomes: outcomesAfter(state.outcomes, message) };
  switch (message.kind) {
    case 'model':
      return {
        ...after,
        model: message.model,
        layers: message.model.layerCount === 0 ? [] : state.layers,
        network: nothingConnected,
        facts: null,
        weights: null,
      };
    case 'layers':
      return { ...after, layers: [...state.layers.slice(0, message.first), ...message.layers] };
    case 'last-fix':
      return { ...after, lastFix: message.fix };
    case 'network':
      return { ...after, network: networkAfter(state.network, message) };
    case 'facts':
      return { ...after, facts: message.facts };
    case 'weights':
      return { ...after, weights: message };
    case 'inputs':
      return { ...after, inputs: message.inputs };
    case 'run': {
      const { study, view } = message;
      const runs = { ...state.runs, [study]: view };
      return startsAnew(state.runs[study], view) ? { ...after, runs, outcomes: cleared(after.outcomes, study) } : { ...after, runs };
    }
    case 'show-layer':
      return headingFor(after, message.layer);
    case 'show-tab':
      return { ...after, settings: { ...state.settings, tab: message.tab } };
    default:
      return after;
  }
}

function networkAfter(network: NetworkState, { first, inputs, nodes }: Extract<ToPage, { kind: 'network' }>): NetworkState {
  return { inputs: first === 0 ? inputs : network.inputs, nodes: [...network.nodes.slice(0, first), ...nodes] };
}

/** A run that has just been asked for has neither backend nor work done: the outcome of the one before no longer counts. */
function startsAnew(before: RunView, view: RunView): boolean {
  return view.state === 'running' && view.backend === null && view.done === 0 && (before.state !== 'running' || before.done > 0);
}

/** The page on its way to a layer's row: in front, and with no filter that might hide it. */
export function headingFor(page: PageState, layer: string): PageState {
  return { ...page, goal: { layer }, selected: layer, settings: { ...page.settings, tab: 'layers', filter: '', onlyFindings: false } };
}

/** The page with the map of this index shown large. */
export function enlarging(page: PageState, enlarged: number): PageState {
  const equivariance = { ...page.outcomes.equivariance, enlarged, features: null };
  const selected = equivariance.maps?.heatmaps[enlarged]?.layer ?? page.selected;
  return { ...page, selected, outcomes: { ...page.outcomes, equivariance }, settings: { ...page.settings, tab: 'equivariance' } };
}
