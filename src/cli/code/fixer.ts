import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fixContext } from '../../code/blur-modules/fix-context';
import type { CodeFinding, CodeNotice, FixOutcome } from '../../code/finding';
import { cellEdits } from '../../code/notebooks/rewrite';
import { CodeSession } from '../../code/session';
import type { ProjectConfig } from '../../core/config/project-config';
import { applyEdits } from '../../core/formats/text-edits';
import { placesOf, type LintError, type SourcePosition } from '../../core/report/lint-report';
import { blurFilter, type BlurFilterName } from '../../core/rewrite/filters';
import { ruleIds, type RuleId } from '../../core/rules/registry';
import type { Severity } from '../../core/rules/rule';
import { failureOf } from '../failure';
import type { ProjectConfigFiles } from '../project-config-file';
import { AskedConstructors } from './asked-constructors';
import { DiskProject, withSlashes } from './disk-project';
import type { FixedFile, FixedFiles, PlacedOutcome } from './fixed-file';
import { ModulePlaces } from './module-places';
import { readSource, type SourceText, type SourceUnit } from './source-units';
import type { LintTarget } from './targets';
import { fixUnit } from './unit-fixer';

/** What the user says of fixing. */
export interface FixingChoices {
  /** Undefined where the project decides. */
  readonly filter: BlurFilterName | undefined;
  /** Rules whose findings are fixed; undefined for all that are on. */
  readonly rules: readonly RuleId[] | undefined;
  /** Whose BlurPool is used; undefined where the project decides. */
  readonly library: string | undefined;
  readonly withStems: boolean;
}

/** A file on its way. */
interface JudgedFile {
  readonly path: string;
  readonly place: string;
  readonly source: SourceText;
  readonly units: readonly { readonly unit: SourceUnit; readonly findings: readonly CodeFinding[] }[];
  readonly notices: readonly CodeNotice[];
  readonly config: ProjectConfig;
}

/**
 * Fixes files together: a layer whose stride another of them gives is fixed where it is built, once. Outer folders come first, so that
 * the files of a package share the module in its outermost folder.
 */
export async function fixFiles(
  words: readonly string[],
  targets: readonly LintTarget[],
  configs: ProjectConfigFiles,
  choices: FixingChoices,
): Promise<FixedFiles> {
  const disk = new DiskProject(words);
  const session = await CodeSession.create((grammar) => readFile(path.join(__dirname, 'grammars', grammar)), disk);
  const fixer = new Fixer(session, disk, choices);
  const done = new Map<string, FixedFile>();
  const judged: JudgedFile[] = [];
  for (const { path: file, error } of targets) {
    if (error !== undefined) {
      done.set(file, unreadFile(file, error));
      continue;
    }
    try {
      judged.push(await fixer.judge(file, await configs.configFor(file)));
    } catch (thrown) {
      done.set(file, unreadFile(file, failureOf(thrown, file)));
    }
  }
  const asked = new AskedConstructors(judged);
  for (const file of [...judged].sort(byDepth)) done.set(file.path, await fixer.fix(file, asked));
  session.dispose();
  return { files: targets.flatMap(({ path: file }) => asked.settled(done.get(file)) ?? []), modules: fixer.modules.made };
}

class Fixer {
  readonly modules = new ModulePlaces();

  constructor(
    private readonly session: CodeSession,
    private readonly disk: DiskProject,
    private readonly choices: FixingChoices,
  ) {}

  /** @throws ModelError where the file cannot be read */
  async judge(file: string, config: ProjectConfig): Promise<JudgedFile> {
    const source = readSource(file);
    const units: JudgedFile['units'][number][] = [];
    const notices: CodeNotice[] = [];
    for (const unit of source.units) {
      const { language, text, place } = unit;
      if (!this.session.isWorthwhile(text, language, place)) {
        units.push({ unit, findings: [] });
        continue;
      }
      const judged = await this.session.judgeOnce(language, text, place, { severities: this.severities(config) });
      units.push({ unit, findings: judged.findings });
      notices.push(...judged.notices);
    }
    return { path: file, place: withSlashes(path.resolve(file)), source, units, notices, config };
  }

  async fix(file: JudgedFile, asked: AskedConstructors): Promise<FixedFile> {
    const { path: name, source, notices } = file;
    try {
      const outcomes: PlacedOutcome[] = [];
      const cells = new Map<number, string>();
      const imports = new Set<string>();
      let { text } = source;
      for (const { unit, findings } of file.units) {
        const constructors = asked.in(unit.place, unit.text);
        if (findings.length === 0 && constructors.length === 0) continue;
        const fixed = await this.fixUnit(file, unit, constructors, imports);
        const places = placesOf({ text: unit.text, ...(unit.notebook && { cells: unit.notebook.cells }) });
        for (const outcome of fixed.outcomes) {
          const { start } = outcome.finding.range;
          const place = places.at(start);
          asked.note(unit.place, place, outcome);
          // What other files ask for in vain is told there.
          const isFound = findings.some(({ range }) => range.start === start);
          if (isFound || outcome.ok) outcomes.push(placed(outcome, place));
        }
        if (unit.notebook === undefined) text = fixed.text;
        for (const [cell, now] of fixed.cells) cells.set(cell, now);
      }
      return {
        path: name,
        source,
        text: cells.size === 0 ? text : applyEdits(text, cellEdits(text, cells)),
        outcomes,
        imports: [...imports],
        notices,
        errors: [],
      };
    } catch (thrown) {
      return unreadFile(name, failureOf(thrown, name));
    }
  }

  private async fixUnit(
    { place, config }: JudgedFile,
    unit: SourceUnit,
    constructors: ReturnType<AskedConstructors['in']>,
    imports: Set<string>,
  ) {
    const root = this.disk.rootOf(place);
    const placed = await this.modules.place(place, unit, root);
    const library = this.choices.library ?? (await this.modules.libraryOf(unit, root));
    const filter = blurFilter(this.choices.filter ?? config.defaultFilter ?? 'tri-3');
    return fixUnit(unit, {
      session: this.session,
      options: { severities: this.severities(config) },
      context: fixContext(place, root, library, placed, filter),
      wanted: { withStems: this.choices.withStems, constructors },
      module: async (template) => {
        const own = placed[template];
        if (own === undefined || !own.ok || own.module === null) return own?.ok === false ? own.reason : null;
        if (await this.modules.plan(own.module)) imports.add(own.module.path);
        return null;
      },
    });
  }

  /** Rules that the user names are on, whatever the project says of them, and no others are. */
  private severities({ rules: known }: ProjectConfig): Readonly<Partial<Record<RuleId, Severity | 'off'>>> {
    return this.choices.rules === undefined ? known : onlyRules(this.choices.rules, known);
  }
}

function onlyRules(named: readonly RuleId[], known: ProjectConfig['rules']): Readonly<Partial<Record<RuleId, Severity | 'off'>>> {
  const severityOf = (rule: RuleId): Severity | 'off' => (named.includes(rule) ? asOn(known[rule]) : 'off');
  return Object.fromEntries(ruleIds.map((rule) => [rule, severityOf(rule)]));
}

function asOn(severity: Severity | 'off' | undefined): Severity {
  return severity === undefined || severity === 'off' ? 'information' : severity;
}

function placed(outcome: FixOutcome, place: SourcePosition): PlacedOutcome {
  const { rule, callee, builtAt } = outcome.finding;
  return { rule, callee, ...place, ok: outcome.ok, text: outcome.ok ? outcome.title : outcome.reason, builtAt };
}

function unreadFile(file: string, { code, message }: LintError): FixedFile {
  return { path: file, source: null, text: '', outcomes: [], imports: [], notices: [], errors: [{ code, message }] };
}

function byDepth(a: JudgedFile, b: JudgedFile): number {
  const depth = ({ place }: JudgedFile): number => place.split('/').length;
  return depth(a) - depth(b) || (a.place < b.place ? -1 : 1);
}
