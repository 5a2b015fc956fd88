import path from 'node:path';
import { blurLibraries } from '../code/blur-modules/library';
import { unifiedDiff } from '../core/report/unified-diff';
import { blurFilterNames } from '../core/rewrite/filters';
import { fineTuningAdvice } from '../core/rewrite/plan';
import { ruleIds, type RuleId } from '../core/rules/registry';
import type { FixedFile, FixedFiles, PlacedOutcome } from './code/fixed-file';
import { fixFiles } from './code/fixer';
import { isSource } from './code/source-units';
import { lintTargets } from './code/targets';
import { isRewritable, textsOf, writeFixed } from './code/write-fixes';
import { parseWords, UsageError, type Command, type ParsedWords } from './command';
import { failureOf } from './failure';
import { filterNamed } from './options';
import { printAsIs, printJson, printLine, printLines, printNotes } from './print';
import { ProjectConfigFiles } from './project-config-file';

/** `shiftlint fix-code`: fixes model code. */
export const fixCodeCommand: Command = {
  name: 'fix-code',
  usage: `fix-code FILE|FOLDER… [--rule ID]… [--filter ${blurFilterNames.join('|')}] [--library ${blurLibraries.join('|')}] [--stem] [--diff] [--write] [--json]`,
  summary:
    'Inserts BlurPool into model code and notebooks: prints a diff that git apply takes, or changes the files by --write. A layer that another of the files builds is fixed there, once. --stem fixes convolutions on the image itself too.',
  async run(words) {
    const parsed = parseWords(words, {
      ...{ rule: { type: 'string', multiple: true }, filter: { type: 'string' }, library: { type: 'string' } },
      ...{ stem: { type: 'boolean' }, diff: { type: 'boolean' }, write: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const { positionals } = parsed;
    if (positionals.length === 0) throw new UsageError('Name at least one source file, notebook or folder.');
    const filter = parsed.text('filter');
    const rules = rulesOf(parsed);
    const configs = new ProjectConfigFiles();
    const targets = (await lintTargets(positionals, configs)).filter(({ path: file, error }) => error !== undefined || isSource(file));
    const other = positionals.find((word) => !isSource(word) && targets.every(({ path: file }) => !isWithin(file, word)));
    if (other !== undefined && targets.length === 0)
      throw new UsageError(`"${other}" holds no source code that is fixed. For models there is "shiftlint fix".`);
    const fixed = withoutUnwritable(
      await fixFiles(positionals, targets, configs, {
        filter: filter === undefined ? undefined : filterNamed(filter),
        rules: rules.length === 0 ? undefined : rules,
        library: libraryOf(parsed),
        withStems: parsed.flag('stem'),
      }),
    );
    const written = parsed.flag('write') ? await writeAll(fixed) : null;
    const files = written?.files ?? fixed.files;
    const diff = written === null || parsed.flag('diff') ? diffOf(fixed) : null;
    if (parsed.flag('json')) printJson(reportOf(files, diff?.text ?? null, written?.paths ?? []));
    else printText(files, diff, written?.paths ?? null);
    return exitCode(files, rules.length > 0);
  },
};

/** @throws UsageError */
function rulesOf(parsed: ParsedWords): readonly RuleId[] {
  return parsed.list('rule').map((name) => {
    const rule = ruleIds.find((id) => id === name);
    if (rule === undefined) throw new UsageError(`--rule takes ${ruleIds.join(', ')}, not "${name}".`);
    return rule;
  });
}

/** @throws UsageError */
function libraryOf(parsed: ParsedWords): string | undefined {
  const library = parsed.text('library');
  if (library === undefined || blurLibraries.includes(library)) return library;
  throw new UsageError(`--library takes ${blurLibraries.join(', ')}, not "${library}".`);
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** A file that would not stay what it is where nothing changes is left alone. */
function withoutUnwritable({ files, modules }: FixedFiles): FixedFiles {
  const reason = 'The file is not in UTF-8, so it is left as it is: save it in that encoding first.';
  return {
    modules,
    files: files.map((file) => {
      if (!isChanged(file) || isRewritable(file)) return file;
      const outcomes = file.outcomes.map((outcome) => (outcome.ok ? { ...outcome, ok: false, text: reason } : outcome));
      return { ...file, text: file.source?.text ?? '', outcomes };
    }),
  };
}

function isChanged({ source, text }: FixedFile): boolean {
  return source !== null && source.text !== text;
}

/** Writes every changed file; one that cannot be written is its own error, and the others are written. */
async function writeAll({
  files,
  modules,
}: FixedFiles): Promise<{ readonly files: readonly FixedFile[]; readonly paths: readonly string[] }> {
  const done: FixedFile[] = [];
  const paths: string[] = [];
  for (const file of files) {
    try {
      if (isChanged(file)) paths.push(...(await writeFixed(file, modules)).map((written) => path.relative(process.cwd(), written)));
      done.push(file);
    } catch (thrown) {
      const { code, message } = failureOf(thrown, file.path);
      const outcomes = file.outcomes.map((outcome) => (outcome.ok ? { ...outcome, ok: false, text: message } : outcome));
      done.push({ ...file, outcomes, errors: [{ code, message }] });
    }
  }
  return { files: done, paths };
}

interface Diff {
  readonly text: string;
  /** The folder that its paths start from. */
  readonly base: string;
}

/** All changes as one diff, by paths from the working folder; from the folder that holds all of them where that one does not. */
function diffOf({ files, modules }: FixedFiles): Diff {
  const changed = files.filter(isChanged);
  const imported = new Set(changed.flatMap(({ imports }) => imports));
  const changes = [
    ...changed.map((file) => ({ place: path.resolve(file.path), ...textsOf(file) })),
    ...Array.from(imported, (place) => ({ place: path.resolve(place), before: null, after: modules.get(place) ?? '' })),
  ].sort((a, b) => (a.place < b.place ? -1 : 1));
  const cwd = process.cwd();
  const base = changes.every(({ place }) => isWithin(place, cwd)) ? cwd : commonFolder(changes.map(({ place }) => path.dirname(place)));
  const pathOf = (place: string): string => path.relative(base, place).split(path.sep).join('/');
  return { text: changes.map(({ place, before, after }) => unifiedDiff({ path: pathOf(place), before, after })).join(''), base };
}

function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common;
    while (!isWithin(folder, shared)) shared = path.dirname(shared);
    return shared;
  });
}

function reportOf(files: readonly FixedFile[], diff: string | null, written: readonly string[]) {
  const described = (ok: boolean, { outcomes }: FixedFile) =>
    outcomes
      .filter((outcome) => outcome.ok === ok)
      .map(({ rule, callee, cell, line, column, text }) => ({
        ...{ rule, callee, ...(cell !== undefined && { cell }), line, column },
        ...(ok ? { description: text } : { reason: text }),
      }));
  return {
    files: files.map((file) => ({
      path: file.path,
      fixed: described(true, file),
      refused: described(false, file),
      notices: file.notices.map(({ code, severity, message }) => ({ code, severity, message })),
      errors: file.errors,
    })),
    /** Null where the files were written and no diff was asked for. */
    diff,
    /** Every file that was written. */
    written,
  };
}

/** With a diff, standard output holds nothing else. */
function printText(files: readonly FixedFile[], diff: Diff | null, written: readonly string[] | null): void {
  const lines = files.flatMap((file) => [
    ...file.errors.map(({ message }) => `${file.path}: error: ${message}`),
    ...file.notices.map(({ severity, message, code }) => `${file.path}: ${severity}: ${message} [${code}]`),
    ...file.outcomes.map((outcome) => `${outcome.ok ? 'fixed' : 'left'} ${placeText(file, outcome)}: ${outcome.text} [${outcome.rule}]`),
  ]);
  const all = files.flatMap(({ outcomes }) => outcomes);
  // A layer that another of the files builds is counted there.
  const fixed = all.filter(({ ok, builtAt }) => ok && builtAt.length === 0).length;
  const left = all.filter(({ ok }) => !ok).length;
  const where = written === null ? 'nothing is written without --write' : 'written';
  const advice = fixed === 0 ? '' : ` ${fineTuningAdvice}`;
  const summary = fixed === 0 ? 'Nothing was fixed and nothing was written.' : `${fixed} fixed, ${left} left; ${where}.${advice}`;
  const report = [...lines, ...(written ?? []).map((file) => `wrote ${file}`), summary];
  if (diff === null) {
    printLines(report.slice(0, -1));
    printLine(summary);
    return;
  }
  if (diff.text !== '' && diff.base !== process.cwd()) report.push(`The paths of the diff start from ${diff.base}: apply it there.`);
  printNotes(report);
  printAsIs(diff.text);
}

function placeText(file: FixedFile, { cell, line, column }: PlacedOutcome): string {
  return `${file.path}:${cell === undefined ? '' : `cell ${cell}:`}${line}:${column}`;
}

/** Where rules are named, each of their findings has to be fixed. */
function exitCode(files: readonly FixedFile[], isNamed: boolean): number {
  if (files.some(({ errors }) => errors.length > 0)) return 2;
  const all = files.flatMap(({ outcomes }) => outcomes);
  return all.length === 0 || (isNamed ? all.every(({ ok }) => ok) : all.some(({ ok }) => ok)) ? 0 : 1;
}
