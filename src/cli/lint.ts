import { availableParallelism } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { withoutAccepted } from '../core/report/lint/baseline';
import { isSeverity, reaches, type LintedFile } from '../core/report/lint-report';
import type { Severity } from '../core/rules/rule';
import { parseWords, UsageError, wholeNumber, type Command, type OptionDeclaration, type ParsedWords } from './command';
import { isSource } from './code/source-units';
import { lintTargets, type LintTarget } from './code/targets';
import { baselineUsage, baselineWish, readBaseline, writeBaseline, type BaselineWish } from './lint/baseline-file';
import { formatOf, formatUsage, printFindings, type LintOutcome } from './lint/formats';
import { fromHere, issuesFromHere } from './lint/issues-from-here';
import { lintInProcesses } from './lint/processes';
import { ruleChoiceOf, ruleChoiceUsage } from './lint/rule-choice';
import { lintRun, lintTarget, type LintChoices } from './lint/target';
import { printStatistics } from './lint/text-format';
import { sizeOf } from './options';
import { countingFiles } from './print';
import { ProjectConfigFiles } from './project-config-file';

/** A process takes as long to start as it takes to judge so many files. */
const filesForProcess = 32;

const options = {
  ...{ json: { type: 'boolean' }, format: { type: 'string' }, statistics: { type: 'boolean' }, 'fail-on': { type: 'string' } },
  ...{ select: { type: 'string', multiple: true }, ignore: { type: 'string', multiple: true }, 'exit-zero': { type: 'boolean' } },
  ...{ baseline: { type: 'string' }, 'write-baseline': { type: 'boolean' }, 'prune-baseline': { type: 'boolean' } },
  ...{ size: { type: 'string' }, jobs: { type: 'string' }, 'stdin-filename': { type: 'string' } },
} as const satisfies Readonly<Record<string, OptionDeclaration>>;

/** `shiftlint lint`: judges files and prints the findings. */
export const lintCommand: Command = {
  name: 'lint',
  usage: `lint FILE|FOLDER|GLOB… ${formatUsage} ${ruleChoiceUsage} ${baselineUsage} [--statistics] [--fail-on hint|information|warning|error] [--exit-zero] [--size HxW] [--jobs N] [--stdin-filename FILE]`,
  summary:
    'Reports the layers of models and of model code that downsample without a low-pass filter. --baseline keeps back findings that the project has accepted. --size judges models that leave their image size open for that size. Many files are judged on all cores, or on as many as --jobs says. --stdin-filename judges standard input as the source of that name.',
  async run(words) {
    const parsed = parseWords(words, options);
    const format = formatOf(parsed);
    const failOn = failOnOf(parsed);
    const wish = baselineWish(parsed);
    if (parsed.flag('statistics') && format !== 'text') throw new UsageError('--statistics goes with the text format alone.');
    const targets = await targetsOf(parsed);
    const outcome = await besidesBaseline(await lintAll(targets, parsed), wish);
    const { files } = outcome;
    printFindings(format, { ...outcome, failOn });
    if (parsed.flag('statistics')) printStatistics(files);
    if (files.some(({ errors }) => errors.length > 0)) return 2;
    return !parsed.flag('exit-zero') && files.some((file) => fails(file, failOn)) ? 1 : 0;
  },
};

/** @throws UsageError */
function failOnOf(parsed: ParsedWords): Severity {
  const failOn = parsed.text('fail-on') ?? 'warning';
  if (!isSeverity(failOn)) throw new UsageError(`--fail-on takes hint, information, warning or error, not "${failOn}".`);
  return failOn;
}

/** @throws UsageError */
async function targetsOf(parsed: ParsedWords): Promise<readonly LintTarget[]> {
  const { positionals } = parsed;
  const name = parsed.text('stdin-filename');
  if (name === undefined) {
    if (positionals.length === 0) throw new UsageError('Name at least one model file, source file or folder.');
    return lintTargets(positionals, new ProjectConfigFiles());
  }
  if (positionals.some((word) => word !== '-')) throw new UsageError('--stdin-filename judges standard input alone: name no other file.');
  if (!isSource(name)) throw new UsageError(`--stdin-filename takes the name of a source or a notebook, not "${name}".`);
  return [{ path: name, bytes: await buffer(process.stdin) }];
}

/** Judges files by some processes, or by this one; what comes out is the same, in the order of the files. */
async function lintAll(targets: readonly LintTarget[], parsed: ParsedWords): Promise<readonly LintedFile[]> {
  const choices: LintChoices = { words: parsed.positionals, size: sizeOf(parsed), rules: ruleChoiceOf(parsed) };
  const jobs = wholeNumber(parsed, 'jobs', availableParallelism(), 1);
  const processes = Math.min(jobs, Math.ceil(targets.length / filesForProcess));
  const counting = countingFiles(targets.length);
  try {
    if (processes > 1) return await lintInProcesses(targets, choices, processes, counting.next);
    const run = lintRun(choices);
    const files: LintedFile[] = [];
    for (const target of targets) {
      files.push(...(await lintTarget(target, run)));
      counting.next();
    }
    return files;
  } finally {
    counting.end();
  }
}

/** What there is to say beside a baseline, which is written first where that is asked for. @throws ModelError */
async function besidesBaseline(files: readonly LintedFile[], wish: BaselineWish | undefined): Promise<Omit<LintOutcome, 'failOn'>> {
  if (wish === undefined) return { files, accepted: 0, issues: () => issuesFromHere(files) };
  const issues = issuesFromHere(files);
  const before = await readBaseline(wish);
  const paths = new Set(files.map(({ path }) => fromHere(path)));
  const baseline = wish.work === 'compare' ? before : await writeBaseline(wish, before, issues, paths);
  const rest = withoutAccepted(files, issues, baseline);
  return { ...rest, issues: () => rest.issues };
}

/** True of a file with something as loud as that to say; a part that was not looked at counts too. */
function fails(file: LintedFile, failOn: Severity): boolean {
  const said: readonly { readonly severity: Severity }[] = 'text' in file ? [...file.findings, ...file.notices] : file.findings;
  return said.some(({ severity }) => reaches(severity, failOn));
}
