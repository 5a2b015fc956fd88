import { ModelError } from '../core/formats/format';
import { lintGraph } from '../core/lint/linter';
import { isSeverity, lintReport, reaches, type LintedFile } from '../core/report/lint-report';
import { parseWords, printJson, UsageError, type Command } from './command';
import { openModel } from './model-file';

/** `shiftlint lint`: judges files and prints the findings. */
export const lintCommand: Command = {
  name: 'lint',
  usage: 'lint FILE… [--json] [--fail-on hint|information|warning|error]',
  summary: 'Reports the layers that downsample without a low-pass filter.',
  async run(words) {
    const parsed = parseWords(words, { json: { type: 'boolean' }, 'fail-on': { type: 'string' } });
    const { positionals } = parsed;
    const failOn = parsed.text('fail-on') ?? 'warning';
    if (!isSeverity(failOn)) throw new UsageError(`--fail-on takes hint, information, warning or error, not "${failOn}".`);
    if (positionals.length === 0) throw new UsageError('Name at least one model file.');
    const files: LintedFile[] = [];
    for (const file of positionals) files.push(await lintFile(file));
    if (parsed.flag('json')) printJson(lintReport(files));
    else printText(files);
    if (files.some(({ errors }) => errors.length > 0)) return 2;
    return files.some(({ findings }) => findings.some(({ severity }) => reaches(severity, failOn))) ? 1 : 0;
  },
};

async function lintFile(path: string): Promise<LintedFile> {
  try {
    const { format, graph } = await openModel(path);
    return { path, format: format.id, findings: lintGraph(graph), errors: [] };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { path, format: null, findings: [], errors: [{ code: error.code, message: error.message }] };
  }
}

function printText(files: readonly LintedFile[]): void {
  for (const { path, findings, errors } of files) {
    for (const { message } of errors) process.stdout.write(`${path}: error: ${message}\n`);
    for (const { severity, message, rule } of findings) process.stdout.write(`${path}: ${severity}: ${message} [${rule}]\n`);
  }
  const findings = files.reduce((total, file) => total + file.findings.length, 0);
  const unread = files.filter(({ errors }) => errors.length > 0).length;
  process.stdout.write(
    `${count(findings, 'finding')} in ${count(files.length, 'file')}${unread > 0 ? `, ${unread} could not be read` : ''}.\n`,
  );
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
