import type { ExplainedLayer } from './core/explain';
import type { RecoveryFolder, WantedFix } from './fixes';
import type { StudyChoices } from './inputs';
import type { WantedFeatures } from './studies/features';
import type { StudyName } from './studies/table';

/** Page to editor. */
export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fix'; readonly fix: WantedFix }
  | { readonly kind: 'fix-and-recover'; readonly fix: WantedFix; readonly folder: RecoveryFolder }
  /** Takes the latest fix back. */
  | { readonly kind: 'undo-fix' }
  | { readonly kind: 'start'; readonly study: StudyName }
  | { readonly kind: 'cancel'; readonly study: StudyName }
  | { readonly kind: 'export'; readonly study: StudyName }
  | { readonly kind: 'show-features'; readonly wanted: WantedFeatures }
  /** Nobody looks at them any more. */
  | { readonly kind: 'cancel-features' }
  | { readonly kind: 'choose'; readonly choices: Partial<StudyChoices> }
  | { readonly kind: 'choose-image' }
  | { readonly kind: 'use-pattern' }
  | { readonly kind: 'choose-folder' }
  /** Leaves the findings of a rule alone: at this layer, by its label, or everywhere where it is null. */
  | { readonly kind: 'ignore'; readonly rule: string; readonly layer: string | null }
  /** How its layers are connected: the tab that draws them is in front. */
  | { readonly kind: 'show-network' }
  | { readonly kind: 'show-facts'; readonly layer: string }
  | { readonly kind: 'show-weights'; readonly layer: string }
  | { readonly kind: 'open-docs'; readonly rule: string }
  | { readonly kind: 'explain'; readonly explained: ExplainedLayer }
  | { readonly kind: 'reveal-layer'; readonly layer: string };
