import type { CodeNotice, FilePlace } from '../../code/finding';
import type { LintError, SourcePosition } from '../../core/report/lint-report';
import type { RuleId } from '../../core/rules/registry';
import type { SourceText } from './source-units';

/** What becomes of a finding, at its place in the file as it is. */
export interface PlacedOutcome extends SourcePosition {
  readonly rule: RuleId;
  readonly callee: string;
  readonly ok: boolean;
  /** What the fix does, or as a full sentence why there is none. */
  readonly text: string;
  /** Where other files build the layer; none where this one does. */
  readonly builtAt: readonly FilePlace[];
}

/** One file, and what fixing makes of it. */
export interface FixedFile {
  readonly path: string;
  /** As it is on the disk; null where it could not be read. */
  readonly source: SourceText | null;
  /** The whole text after all fixes, which is that of before where there are none. */
  readonly text: string;
  readonly outcomes: readonly PlacedOutcome[];
  /** Modules that are to be made for it, by path. */
  readonly imports: readonly string[];
  readonly notices: readonly CodeNotice[];
  readonly errors: readonly LintError[];
}

/** What fixing some files came to. */
export interface FixedFiles {
  readonly files: readonly FixedFile[];
  /** Modules that the fixes import, and that are to be made: text by path. */
  readonly modules: ReadonlyMap<string, string>;
}
