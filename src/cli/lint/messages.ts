import type { LintedFile } from '../../core/report/lint-report';
import type { LintTarget } from '../code/targets';
import type { LintChoices } from './target';

/** A file and its place among all of the call. */
export interface NumberedTarget {
  readonly number: number;
  readonly target: LintTarget;
}

/** To a process that judges: first what the call says of all files, then files, some at a time. */
export type ToLinter = { readonly choices: LintChoices } | { readonly targets: readonly NumberedTarget[] };

/** From it, for every file in order. */
export interface FromLinter {
  readonly number: number;
  readonly files: readonly LintedFile[];
}
