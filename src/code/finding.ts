import type { TextEdit } from '../core/formats/format';
import type { RuleId } from '../core/rules/registry';
import type { Severity } from '../core/rules/rule';
import type { FrameworkId } from './frameworks/callable';

/** Offsets in UTF-16 code units from the start of the document. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** A further place that explains a finding. */
export interface RelatedPlace {
  readonly range: SourceRange;
  /** `This call passes stride 2.` */
  readonly message: string;
}

/** One aliasing-prone call in the source. Plain data: it travels from the worker to the editor. */
export interface CodeFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Full sentences: the layer, the cause, the remedy. */
  readonly message: string;
  /** The whole call, from the first character of the callee to the closing bracket. */
  readonly range: SourceRange;
  readonly framework: FrameworkId;
  /** As written: `nn.MaxPool2d`. */
  readonly callee: string;
  /** Over the layer's image axes, slowest first; null where unknown. */
  readonly stride: readonly (number | null)[];
  readonly kernel: readonly (number | null)[];
  /** Calls that give the stride, innermost first. */
  readonly related: readonly RelatedPlace[];
}

/** Files with our own BlurPool that a fix may need in the workspace, see `templates/`. */
export type BlurTemplate = 'torch' | 'keras' | 'tensorflow' | 'flax' | 'tfjs';

/** A change of the source that the user may choose. Edits do not overlap and refer to one version of the document. */
export interface CodeFix {
  readonly kind: 'blur' | 'disable-line' | 'disable-file';
  /** `Insert BlurPool2d after the activation`; says what the user must know first: an unknown activation, a licence. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The module of ours that the edited program imports; null where it uses a library or needs none. */
  readonly template: BlurTemplate | null;
}

/** What can be done about one finding. */
export interface FixOffer {
  readonly fixes: readonly CodeFix[];
  /** Why no fix inserts a BlurPool, as a full sentence; null where one does. */
  readonly refusal: string | null;
}

/** Python libraries with a BlurPool that a fix can use; `shiftlint` is our own module, put into the workspace. */
export const blurLibraries = ['shiftlint', 'timm', 'kornia', 'antialiased_cnns'] as const;
export type BlurLibrary = (typeof blurLibraries)[number];

/** What a fix needs to know about the workspace. */
export interface FixContext {
  readonly library: BlurLibrary;
  /** How the document imports each of our modules, wherever they are or will be: `.blurpool_torch`, `./blurpool.js`. */
  readonly specifiers: Readonly<Record<BlurTemplate, string>>;
  /** Number of taps of the filter, 2 to 7; 3 is Tri-3. */
  readonly filterSize: number;
}
