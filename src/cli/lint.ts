import type { ProjectConfig } from '../core/config/project-config';
import { ModelError } from '../core/model-error';
import { lintGraph } from '../core/lint/linter';
import { isSeverity, lintReport, reaches, textPosition, type LintedFile, type LintError } from '../core/report/lint-report';
import { parseWords, printJson, UsageError, type Command } from './command';
import { lintTargets } from './lint-targets';
import { withModel } from './model-file';
import { lintOptions, ProjectConfigFiles } from './project-config-file';
import { lintSource, sourceLanguage } from './source-file';

/** `shiftlint lint`: judges files and prints the findings. */
export const lintCommand: Command = {
  name: 'lint',
  usage: 'lint FILE|FOLDER… [--json] [--fail-on hint|information|warning|error]',
  summary: 'Reports the layers of models and of model code that downsample without a low-pass filter.',
  async run(words) {
    const parsed = parseWords(words, { json: { type: 'boolean' }, 'fail-on': { type: 'string' } });
    const { positionals } = parsed;
    const failOn = parsed.text('fail-on') ?? 'warning';
    if (!isSeverity(failOn)) throw new UsageError(`--fail-on takes hint, information, warning or error, not "${failOn}".`);
    if (positionals.length === 0) throw new UsageError('Name at least one model file, source file or folder.');
    const files: LintedFile[] = [];
    const configs = new ProjectConfigFiles();
    for (const file of await lintTargets(positionals, configs)) files.push(await lintFile(file, await configs.configFor(file)));
    if (parsed.flag('json')) printJson(lintReport(files));
    else printText(files);
    if (files.some((file) => errorsOf(file).length > 0)) return 2;
    return files.some(({ findings }) => findings.some(({ severity }) => reaches(severity, failOn))) ? 1 : 0;
  },
};

async function lintFile(path: string, config: ProjectConfig): Promise<LintedFile> {
  try {
    const language = sourceLanguage(path);
    if (language !== undefined) return await lintSource(path, language, config.rules);
    return await withModel(path, (model) =>
      Promise.resolve({ path, format: model.format.id, findings: lintGraph(model, lintOptions(config)), errors: [] }),
    );
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { path, format: null, findings: [], errors: [{ code: error.code, message: error.message }] };
  }
}

function errorsOf(file: LintedFile): readonly LintError[] {
  return 'errors' in file ? file.errors : [];
}

function printText(files: readonly LintedFile[]): void {
  for (const file of files) {
    for (const { message } of errorsOf(file)) process.stdout.write(`${file.path}: error: ${message}\n`);
    for (const finding of file.findings)
      process.stdout.write(`${placeOf(file, finding)}: ${finding.severity}: ${finding.message} [${finding.rule}]\n`);
  }
  const findings = files.reduce((total, file) => total + file.findings.length, 0);
  const unread = files.filter((file) => errorsOf(file).length > 0).length;
  process.stdout.write(
    `${count(findings, 'finding')} in ${count(files.length, 'file')}${unread > 0 ? `, ${unread} could not be read` : ''}.\n`,
  );
}

/** The file, and for source code `file:line:column`, which terminals and editors turn into a link. */
function placeOf(file: LintedFile, finding: LintedFile['findings'][number]): string {
  if (!('text' in file) || !('range' in finding)) return file.path;
  const { line, column } = textPosition(file.text, finding.range.start);
  return `${file.path}:${line}:${column}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
