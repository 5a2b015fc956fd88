import * as vscode from 'vscode';
import { blurLibraries, type BlurLibrary } from '../code/finding';
import type { LintOptions } from '../core/lint/linter';
import { blurFilter, isBlurFilterName, type BlurFilter } from '../core/rewrite/filters';
import { ruleIds, type Severity } from '../core/rules/rule';

/** The user's choices under `shiftlint.*` for one file, narrowed to values the rest of the code can rely on. */
export interface Settings {
  readonly enable: boolean;
  readonly severities: NonNullable<LintOptions['severities']>;
  /** Filter of every offered fix. */
  readonly filter: BlurFilter;
  /** Whose BlurPool a fix of Python code uses; `auto` leaves it to the project. */
  readonly blurLibrary: BlurLibrary | 'auto';
  /** Globs of files that are left alone. */
  readonly exclude: readonly string[];
  readonly maxFileSizeBytes: number;
  /** Upper bound for feature maps that a measurement holds at once. */
  readonly memoryBudgetBytes: number;
}

/** Prefix of every setting; a change below it re-lints all models. */
export const settingsSection = 'shiftlint';

const bytesPerMegabyte = 1024 * 1024;

/** Settings that apply to a file (folder settings of a multi-root workspace included), or to the window. */
export function settingsFor(uri?: vscode.Uri): Settings {
  const values = vscode.workspace.getConfiguration(settingsSection, uri ?? null);
  const filter = values.get<unknown>('defaultFilter');
  const library = values.get<unknown>('blurLibrary');
  return {
    enable: values.get<unknown>('enable') !== false,
    severities: severitiesIn(values.get<unknown>('rules')),
    filter: blurFilter(typeof filter === 'string' && isBlurFilterName(filter) ? filter : 'tri-3'),
    blurLibrary: blurLibraries.find((known) => known === library) ?? 'auto',
    exclude: globsIn(values.get<unknown>('exclude')),
    maxFileSizeBytes: positive(values.get<unknown>('maxFileSizeMB'), 2048) * bytesPerMegabyte,
    memoryBudgetBytes: positive(values.get<unknown>('memoryBudgetMB'), 1024) * bytesPerMegabyte,
  };
}

function severitiesIn(value: unknown): Settings['severities'] {
  if (typeof value !== 'object' || value === null) return {};
  const entries = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(
    ruleIds.flatMap((rule) => {
      const severity = entries.get(rule);
      return isSeverity(severity) ? [[rule, severity]] : [];
    }),
  );
}

function isSeverity(value: unknown): value is Severity | 'off' {
  return typeof value === 'string' && ['error', 'warning', 'information', 'hint', 'off'].includes(value);
}

function globsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((glob): glob is string => typeof glob === 'string' && glob !== '') : [];
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && value > 0 ? value : fallback;
}
