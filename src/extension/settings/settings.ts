import * as vscode from 'vscode';
import { blurLibraries } from '../../code/blur-modules/library';
import type { ProjectConfig } from '../../core/config/project-config';
import type { LintOptions } from '../../core/lint/lint-options';
import type { AxisPair } from '../../core/graph/model-graph';
import { blurFilter, isBlurFilterName, type OfferedFilter } from '../../core/rewrite/filters';
import { ruleIds } from '../../core/rules/registry';
import { severityChoices, type Severity } from '../../core/rules/rule';

/** The user's choices under `shiftlint.*` for one file, narrowed to values the rest of the code can rely on. */
export interface Settings {
  readonly enable: boolean;
  readonly severities: NonNullable<LintOptions['severities']>;
  /** Layers of model files that rules leave alone. */
  readonly ignoreLayers: NonNullable<LintOptions['ignoreLayers']>;
  /** Filter of every offered fix. */
  readonly filter: OfferedFilter;
  /** What else the fixes of model files heed. */
  readonly plan: NonNullable<LintOptions['plan']>;
  /** Whose BlurPool a fix of Python code uses; `auto` leaves it to the project. */
  readonly blurLibrary: string;
  /** Globs of files that are left alone, relative to their workspace folder. */
  readonly exclude: readonly string[];
  /** The same in a `shiftlint.json`, relative to its own folder; undefined where it says nothing of that. */
  readonly projectExclude: { readonly folder: vscode.Uri; readonly globs: readonly string[] } | undefined;
  /** For models that leave theirs open, as a `shiftlint.json` says; undefined where none does. */
  readonly imageSize: AxisPair | undefined;
  readonly maxFileSizeBytes: number;
  /** Upper bound for feature maps that a measurement holds at once. */
  readonly memoryBudgetBytes: number;
}

/** Prefix of every setting; a change below it re-lints all models. */
export const settingsSection = 'shiftlint';

const bytesPerMegabyte = 1024 * 1024;

/** A `shiftlint.json` and the folder that it holds for. */
export interface PlacedConfig {
  readonly folder: vscode.Uri;
  readonly config: ProjectConfig;
}

type ConfigLookup = (file: vscode.Uri) => PlacedConfig | undefined;

/** Settings are read all over the extension, as the editor's own are; there is one lookup while it is active. */
let configLookup: ConfigLookup = () => undefined;

/** Lets project files take part in `settingsFor` until disposed. */
export function attachProjectConfigs(lookup: ConfigLookup): vscode.Disposable {
  configLookup = lookup;
  return new vscode.Disposable(() => {
    if (configLookup === lookup) configLookup = () => undefined;
  });
}

/**
 * Settings that apply to a file (folder settings of a multi-root workspace included), or to the window. What the nearest
 * `shiftlint.json` says wins, so that all who work on a project see the same.
 */
export function settingsFor(uri?: vscode.Uri): Settings {
  const values = vscode.workspace.getConfiguration(settingsSection, uri ?? null);
  const project = uri === undefined ? undefined : configLookup(uri);
  const filter = project?.config.defaultFilter ?? values.get<unknown>('defaultFilter');
  const library = values.get<unknown>('blurLibrary');
  return {
    enable: values.get<unknown>('enable') !== false,
    severities: { ...severitiesIn(values.get<unknown>('rules')), ...project?.config.rules },
    ignoreLayers: project?.config.ignoreLayers ?? [],
    filter: blurFilter(typeof filter === 'string' && isBlurFilterName(filter) ? filter : 'tri-3'),
    plan: planOptions(project?.config),
    blurLibrary: blurLibraries.find((known) => known === library) ?? 'auto',
    exclude: globsIn(values.get<unknown>('exclude')),
    projectExclude: project?.config.exclude && { folder: project.folder, globs: project.config.exclude },
    imageSize: project?.config.imageSize,
    maxFileSizeBytes: positive(values.get<unknown>('maxFileSizeMB'), 2048) * bytesPerMegabyte,
    memoryBudgetBytes: positive(values.get<unknown>('memoryBudgetMB'), 1024) * bytesPerMegabyte,
  };
}

function planOptions(config: ProjectConfig | undefined): Settings['plan'] {
  return {
    ...(config?.padding !== undefined && { padding: config.padding }),
    ...(config?.splitStride !== undefined && { splitStride: config.splitStride }),
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
  return (severityChoices as readonly unknown[]).includes(value);
}

function globsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((glob): glob is string => typeof glob === 'string' && glob !== '') : [];
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && value > 0 ? value : fallback;
}
