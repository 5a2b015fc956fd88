import type { ProjectConfig } from '../../core/config/project-config';
import { chosenSize, judgedForText } from '../../core/graph/image-size';
import type { AxisPair } from '../../core/graph/model-graph';
import { lintGraph } from '../../core/lint/linter';
import type { LintedFile, LintError } from '../../core/report/lint-report';
import { SourceLinter } from '../code/source-linter';
import { isSource } from '../code/source-units';
import type { LintTarget } from '../code/targets';
import { failureOf } from '../failure';
import { chosenSeverities, type RuleChoice } from './rule-choice';
import { withModel, type ModelFile } from '../model-file';
import { lintOptions, ProjectConfigFiles } from '../project-config-file';

/** What a call says of all of its files; plain data. */
export interface LintChoices {
  /** Files and folders of the command line. */
  readonly words: readonly string[];
  /** Image size that was asked for. */
  readonly size: AxisPair | undefined;
  readonly rules: RuleChoice;
}

/** What all files that a process judges share. */
export interface LintRun extends Pick<LintChoices, 'size' | 'rules'> {
  readonly configs: ProjectConfigFiles;
  readonly sources: SourceLinter;
}

/** A run of which no file has been judged yet. */
export function lintRun({ words, size, rules }: LintChoices): LintRun {
  return { configs: new ProjectConfigFiles(), sources: new SourceLinter(words), size, rules };
}

/** Whatever a file does to its reader or its judge is that file's error: the others go on. */
export async function lintTarget({ path, error, bytes }: LintTarget, run: LintRun): Promise<readonly LintedFile[]> {
  if (error !== undefined) return [unjudged(path, error)];
  try {
    const config = await run.configs.configFor(path);
    return await lintFile(path, { ...config, rules: chosenSeverities(config.rules, run.rules) }, run, bytes);
  } catch (thrown) {
    const { code, message } = failureOf(thrown, path);
    return [unjudged(path, { code, message })];
  }
}

/** What is said of a file or folder that could not be judged. */
export function unjudged(path: string, error: LintError): LintedFile {
  return { path, format: null, findings: [], notes: [], errors: [error] };
}

async function lintFile(
  path: string,
  config: ProjectConfig,
  { sources, size }: LintRun,
  bytes: Uint8Array | undefined,
): Promise<readonly LintedFile[]> {
  if (isSource(path)) return sources.lint(path, config.rules, bytes);
  return withModel(
    path,
    (model) =>
      Promise.resolve([
        {
          path,
          format: model.format.id,
          findings: lintGraph(model, lintOptions(config)),
          notes: notesOf(model),
          errors: [],
        },
      ]),
    size ?? config.imageSize,
  );
}

function notesOf({ judgedOnly, graph }: ModelFile): readonly string[] {
  const size = chosenSize(graph);
  return [...(judgedOnly === undefined ? [] : [judgedOnly.message]), ...(size === null ? [] : [judgedForText(size)])];
}
