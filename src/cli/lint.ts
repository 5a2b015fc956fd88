import { availableParallelism } from 'node:os';
import { isSeverity, lintReport, reaches, placesOf, type LintedFile, type LintedSource, type LintError } from '../core/report/lint-report';
import { parseWords, UsageError, wholeNumber, type Command } from './command';
import { lintTargets, type LintTarget } from './code/targets';
import { lintInProcesses } from './lint/processes';
import { lintRun, lintTarget, type LintChoices } from './lint/target';
import { sizeOf } from './options';
import { printJson, printLine, printLines } from './print';
import { ProjectConfigFiles } from './project-config-file';

/** A process takes as long to start as it takes to judge so many files. */
const filesForProcess = 32;

/** `shiftlint lint`: judges files and prints the findings. */
export const lintCommand: Command = {
  name: 'lint',
  usage: 'lint FILE|FOLDER… [--size HxW] [--jobs N] [--json] [--fail-on hint|information|warning|error]',
  summary:
    'Reports the layers of models and of model code that downsample without a low-pass filter. --size judges models that leave their image size open for that size. Many files are judged on all cores, or on as many as --jobs says.',
  async run(words) {
    const parsed = parseWords(words, {
      ...{ json: { type: 'boolean' }, size: { type: 'string' }, jobs: { type: 'string' }, 'fail-on': { type: 'string' } },
    });
    const { positionals } = parsed;
    const failOn = parsed.text('fail-on') ?? 'warning';
    if (!isSeverity(failOn)) throw new UsageError(`--fail-on takes hint, information, warning or error, not "${failOn}".`);
    if (positionals.length === 0) throw new UsageError('Name at least one model file, source file or folder.');
    const size = sizeOf(parsed);
    const jobs = wholeNumber(parsed, 'jobs', availableParallelism(), 1);
    const targets = await lintTargets(positionals, new ProjectConfigFiles());
    const files = await lintAll(targets, { words: positionals, size }, Math.min(jobs, Math.ceil(targets.length / filesForProcess)));
    if (parsed.flag('json')) printJson(lintReport(files));
    else printText(files);
    if (files.some(({ errors }) => errors.length > 0)) return 2;
    const isReached = ({ severity }: Pick<LintedFile['findings'][number], 'severity'>): boolean => reaches(severity, failOn);
    return files.some((file) => file.findings.some(isReached) || noticesOf(file).some(isReached)) ? 1 : 0;
  },
};

/** Judges files by some processes, or by this one; what comes out is the same, in the order of the files. */
async function lintAll(targets: readonly LintTarget[], choices: LintChoices, processes: number): Promise<readonly LintedFile[]> {
  if (processes > 1) return lintInProcesses(targets, choices, processes);
  const run = lintRun(choices);
  const files: LintedFile[] = [];
  for (const target of targets) files.push(...(await lintTarget(target, run)));
  return files;
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
