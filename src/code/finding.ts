import type { TextEdit } from '../core/formats/format';
import type { BlurFilter } from '../core/rewrite/filters';
import type { TextPosition } from '../core/report/lint-report';
import type { RuleId } from '../core/rules/registry';
import type { Severity } from '../core/rules/rule';

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
  /** Where it lies in another file; the range is then that of the finding. */
  readonly elsewhere?: FilePlace;
}

/** A place in another file of the workspace; lines and columns count from 1. */
export interface FilePlace {
  /** Absolute, written with `/`. */
  readonly file: string;
  readonly start: TextPosition;
  readonly end: TextPosition;
  /** True of a file outside of the folders that are open, or named on the command line: nothing is changed there. */
  readonly isOutside?: boolean;
}

/** One aliasing-prone call in the source. Plain data: it travels from the worker to the editor. */
export interface CodeFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Full sentences: the layer, the cause, the remedy. */
  readonly message: string;
  /** The whole call, from the first character of the callee to the closing bracket. */
  readonly range: SourceRange;
  /** Name of its folder in `frameworks`. */
  readonly framework: string;
  /** As written: `nn.MaxPool2d`. */
  readonly callee: string;
  /** Over the layer's image axes, slowest first; null where unknown. */
  readonly stride: readonly (number | null)[];
  readonly kernel: readonly (number | null)[];
  /** Calls that give the stride, innermost first. */
  readonly related: readonly RelatedPlace[];
  /** Where other files build the layers that it is about; none where the call itself does. */
  readonly builtAt: readonly FilePlace[];
}

/** Why a part of a source was not judged: like a finding, so that what was not looked at is never taken for clean. */
export interface CodeNotice {
  /** `imports-in-part` where the file itself was judged whole. */
  readonly code: 'stopped-early' | 'imports-in-part';
  readonly severity: 'warning' | 'information';
  /** Full sentences: what was not judged, why, and what to do. */
  readonly message: string;
  /** Where it is said: at the top. */
  readonly offset: number;
}

/** What judging a source came to. */
export interface JudgedCode {
  /** In the order of the source. */
  readonly findings: readonly CodeFinding[];
  /** None where all of it was judged. */
  readonly notices: readonly CodeNotice[];
}

/** A finding in a file that no editor holds: its places are told by line and column. */
export interface PlacedFinding extends Pick<CodeFinding, 'rule' | 'severity' | 'message'> {
  readonly start: TextPosition;
  readonly end: TextPosition;
  readonly related: readonly { readonly place: FilePlace; readonly message: string }[];
}

/** What judging a file came to that no editor holds. */
export interface JudgedFile {
  readonly findings: readonly PlacedFinding[];
  readonly notices: readonly CodeNotice[];
}

/** A change of the source that the user may choose. Edits do not overlap and refer to one version of the document. */
export interface CodeFix {
  readonly kind: 'blur' | 'disable-line' | 'disable-file';
  /** `Insert BlurPool2d after the activation`; says what the user must know first: an unknown activation, a licence. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The same edits by what each is for, where the fix is made of several; a user may take some and leave others. */
  readonly parts?: readonly FixPart[];
  /** Our module that the edited program imports, as its file in `templates/` is called; null where it uses a library or none. */
  readonly template: string | null;
}

/** What of a fix belongs together: the fix of one layer, those of several whose changes touch, or the imports of all. */
export interface FixPart {
  /** What it does, and the offset of each layer; none where it is for all of them. */
  readonly does: readonly { readonly title: string; readonly offset: number | null }[];
  readonly edits: readonly TextEdit[];
}

/** What can be done about one finding. */
export interface FixOffer {
  readonly fixes: readonly CodeFix[];
  /** Why no fix inserts a BlurPool, as a full sentence; null where one does. */
  readonly refusal: string | null;
}

/** What becomes of a finding where all of a document is fixed. */
export type FixOutcome = { readonly finding: CodeFinding } & (
  | { readonly ok: true; readonly title: string }
  /** `reason` is a full sentence. */
  | { readonly ok: false; readonly reason: string }
);

/** What fixing all of a document came to. */
export interface FixedTogether {
  /** Null where nothing is fixed. */
  readonly fix: CodeFix | null;
  readonly outcomes: readonly FixOutcome[];
}

/** The library of a fix that uses our own module, put into the workspace. */
export const ownLibrary = 'shiftlint';

/** What a fix needs to know about the workspace. */
export interface FixContext {
  /** Whose BlurPool a fix uses: `ownLibrary`, or a library that a framework names. */
  readonly library: string;
  /** How the document imports each of our modules for its language, wherever they are or will be: `.blurpool_torch`, `./blurpool.js`. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** True where the document lies at the root of its project, or in `src` there: isort and ruff keep modules there apart from packages. */
  readonly isAtRoot?: boolean;
  /** What a fix writes; a filter of an average-pool has its window's parity. */
  readonly filter: Pick<BlurFilter, 'label' | 'taps'>;
}
