import type { LastFix } from './fixes';
import type { InputsView } from './inputs';
import type { LayerRow, ModelView } from './model';
import type { LayerFacts, NetworkPart, WeightsMessage } from './network';
import type { RunView } from './run';
import type { FeaturesMessage } from './studies/features';
import type { StudyMessages, StudyName } from './studies/table';
import type { PanelTab } from './tabs';

/** Editor to page. */
export type ToPage =
  | { readonly kind: 'model'; readonly model: ModelView }
  /** Layers of the model, from the `first` on. */
  | { readonly kind: 'layers'; readonly first: number; readonly layers: readonly LayerRow[] }
  /** Null where no fix of the model stands. */
  | { readonly kind: 'last-fix'; readonly fix: LastFix | null }
  /** How the layers from the `first` on are connected; the model's inputs with the first of them. */
  | ({ readonly kind: 'network'; readonly first: number } & NetworkPart)
  | { readonly kind: 'facts'; readonly facts: LayerFacts }
  | WeightsMessage
  | { readonly kind: 'inputs'; readonly inputs: InputsView }
  | { readonly kind: 'run'; readonly study: StudyName; readonly view: RunView }
  | StudyMessages[StudyName]
  | FeaturesMessage
  | { readonly kind: 'show-tab'; readonly tab: PanelTab }
  /** The row of a layer is to be brought to the front. */
  | { readonly kind: 'show-layer'; readonly layer: string };
