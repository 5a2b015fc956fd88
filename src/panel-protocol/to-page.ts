import type { InputsView } from './inputs';
import type { ModelView } from './model';
import type { RunView } from './run';
import type { FeaturesMessage } from './studies/features';
import type { StudyMessages, StudyName } from './studies/table';
import type { PanelTab } from './tabs';

/** Editor to page. */
export type ToPage =
  | { readonly kind: 'model'; readonly model: ModelView }
  | { readonly kind: 'inputs'; readonly inputs: InputsView }
  | { readonly kind: 'run'; readonly study: StudyName; readonly view: RunView }
  | StudyMessages[StudyName]
  | FeaturesMessage
  | { readonly kind: 'show-tab'; readonly tab: PanelTab };
