import type { ProjectConfig } from '../core/config/project-config';
import { chosenSize, judgedForText } from '../core/graph/image-size';
import type { AxisPair } from '../core/graph/model-graph';
import { lintGraph } from '../core/lint/linter';
import { isSeverity, lintReport, reaches, placesOf, type LintedFile, type LintedSource, type LintError } from '../core/report/lint-report';
import { parseWords, UsageError, type Command } from './command';
import { failureOf } from './failure';
import { lintTargets, type LintTarget } from './code/targets';
import { withModel, type ModelFile } from './model-file';
import { sizeOf } from './options';
import { printJson, printLine, printLines } from './print';
import { lintOptions, ProjectConfigFiles } from './project-config-file';
import { SourceLinter } from './code/source-linter';
import { isSource } from './code/source-units';

/** `shiftlint lint`: judges files and prints the findings. */
export const lintCommand: Command = {
  name: 'lint',
  usage: 'lint FILE|FOLDER… [--size HxW] [--json] [--fail-on hint|information|warning|error]',
  summary:
    'Reports the layers of models and of model code that downsample without a low-pass filter. --size judges models that leave their image size open for that size.',
  async run(words) {
    const parsed = parseWords(words, { json: { type: 'boolean' }, size: { type: 'string' }, 'fail-on': { type: 'string' } });
    const { positionals } = parsed;
    const failOn = parsed.text('fail-on') ?? 'warning';
    if (!isSeverity(failOn)) throw new UsageError(`--fail-on takes hint, information, warning or error, not "${failOn}".`);
    if (positionals.length === 0) throw new UsageError('Name at least one model file, source file or folder.');
    const size = sizeOf(parsed);
    const files: LintedFile[] = [];
    const configs = new ProjectConfigFiles();
    const sources = new SourceLinter(positionals);
    for (const target of await lintTargets(positionals, configs)) files.push(...(await lintTarget(target, { configs, sources, size })));
    if (parsed.flag('json')) printJson(lintReport(files));
    else printText(files);
    if (files.some(({ errors }) => errors.length > 0)) return 2;
    const isReached = ({ severity }: Pick<LintedFile['findings'][number], 'severity'>): boolean => reaches(severity, failOn);
    return files.some((file) => file.findings.some(isReached) || noticesOf(file).some(isReached)) ? 1 : 0;
  },
};

/** What all files of a run share. */
interface LintRun {
  readonly configs: ProjectConfigFiles;
  readonly sources: SourceLinter;
  /** Image size that was asked for. */
  readonly size: AxisPair | undefined;
}

/** Whatever a file does to its reader or its judge is that file's error: the others go on. */
async function lintTarget({ path, error }: LintTarget, run: LintRun): Promise<readonly LintedFile[]> {
  try {
    if (error !== undefined) throw error;
    return await lintFile(path, await run.configs.configFor(path), run);
  } catch (thrown) {
    const { code, message } = failureOf(thrown, path);
    return [{ path, format: null, findings: [], notes: [], errors: [{ code, message }] }];
  }
}

async function lintFile(path: string, config: ProjectConfig, { sources, size }: LintRun): Promise<readonly LintedFile[]> {
  if (isSource(path)) return sources.lint(path, config.rules);
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

function noticesOf(file: LintedFile): LintedSource['notices'] {
  return 'text' in file ? file.notices : [];
}

function printText(files: readonly LintedFile[]): void {
  for (const file of files) {
    printLines(file.errors.map(({ message }: LintError) => `${file.path}: error: ${message}`));
    printLines(linesOf(file));
  }
  const findings = files.reduce((total, file) => total + file.findings.length, 0);
  const unread = files.filter(({ errors }) => errors.length > 0).length;
  printLine(
    `${count(findings, 'finding')} in ${count(new Set(files.map(({ path }) => path)).size, 'file')}${unread > 0 ? `, ${unread} could not be read` : ''}.`,
  );
}

/**
 * Findings, and what kept a source from being judged whole. For source code `file:line:column`, which terminals and editors turn into a
 * link, and for notebooks `file:cell number:line:column`.
 */
function linesOf(file: LintedFile): readonly string[] {
  if (!('text' in file)) {
    return [
      ...file.notes.map((note) => `${file.path}: note: ${note}`),
      ...file.findings.map(({ severity, message, rule }) => `${file.path}: ${severity}: ${message} [${rule}]`),
    ];
  }
  const places = placesOf(file);
  const at = (offset: number): string => {
    const { cell, line, column } = places.at(offset);
    return `${file.path}:${cell === undefined ? '' : `cell ${cell}:`}${line}:${column}`;
  };
  return [
    ...file.findings.flatMap(({ severity, message, rule, range, related }) => [
      `${at(range.start)}: ${severity}: ${message} [${rule}]`,
      ...related.flatMap(({ elsewhere, message: why }) =>
        elsewhere === undefined ? [] : [`  ${elsewhere.file}:${elsewhere.start.line}:${elsewhere.start.column}: ${why}`],
      ),
    ]),
    ...file.notices.map(({ severity, message, code, offset }) => `${at(offset)}: ${severity}: ${message} [${code}]`),
  ];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
