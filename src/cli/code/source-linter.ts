import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CodeSession } from '../../code/session';
import type { ProjectConfig } from '../../core/config/project-config';
import type { LintedSource } from '../../core/report/lint-report';
import { DiskProject } from './disk-project';
import { readSource, type SourceUnit } from './source-units';

/** Judges source files, each with what it imports from the folders that are linted. */
export class SourceLinter {
  private session: Promise<CodeSession> | undefined;
  private readonly files: DiskProject;

  /** @param words files and folders of the command line */
  constructor(words: readonly string[]) {
    this.files = new DiskProject(words);
  }

  /** Judges a source file, a notebook once for each language of its cells; what leads to no framework is clean. @throws ModelError */
  async lint(file: string, severities: ProjectConfig['rules'], bytes?: Uint8Array): Promise<readonly LintedSource[]> {
    const { units } = readSource(file, bytes);
    if (units.length === 0) return [{ path: file, language: 'none', text: '', findings: [], notices: [], errors: [] }];
    const linted: LintedSource[] = [];
    for (const unit of units) linted.push(await this.lintUnit(file, unit, severities));
    return linted;
  }

  private async lintUnit(file: string, unit: SourceUnit, severities: ProjectConfig['rules']): Promise<LintedSource> {
    const { language, text, place, notebook } = unit;
    this.session ??= CodeSession.create((grammar) => readFile(path.join(__dirname, 'grammars', grammar)), this.files);
    const code = await this.session;
    const source = { path: file, language, text, ...(notebook && { cells: notebook.cells }), errors: [] };
    if (!code.isWorthwhile(text, language, place)) return { ...source, findings: [], notices: [] };
    const { findings, notices } = await code.judgeOnce(language, text, place, { severities });
    return { ...source, findings: findings.map(withNamedFiles), notices };
  }
}

/** Other files are named as the command line names its own: from the working folder. */
function withNamedFiles<T extends { readonly related: LintedSource['findings'][number]['related'] }>(finding: T): T {
  const related = finding.related.map((place) =>
    place.elsewhere === undefined
      ? place
      : { ...place, elsewhere: { ...place.elsewhere, file: path.relative(process.cwd(), place.elsewhere.file) } },
  );
  return { ...finding, related };
}
