import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SourceLanguage } from '../code/protocol';
import { CodeSession } from '../code/session';
import type { ProjectConfig } from '../core/config/project-config';
import type { LintedSource } from '../core/report/lint-report';
import { readRegularFile } from '../engine/input/regular-file';
import { DiskProject, withSlashes } from './disk-project';

/** Judges source files, each with what it imports from the folders that are linted. */
export class SourceLinter {
  private session: Promise<CodeSession> | undefined;
  private readonly files: DiskProject;

  /** @param words files and folders of the command line */
  constructor(words: readonly string[]) {
    this.files = new DiskProject(words);
  }

  /** Judges a source file. One that leads to no supported framework is clean. @throws ModelError */
  async lint(file: string, language: SourceLanguage, severities: ProjectConfig['rules']): Promise<LintedSource> {
    const text = new TextDecoder().decode(await readRegularFile(file));
    this.session ??= CodeSession.create((grammar) => readFile(path.join(__dirname, 'grammars', grammar)), this.files);
    const code = await this.session;
    const place = withSlashes(path.resolve(file));
    if (!code.isWorthwhile(text, language, place)) return { path: file, language, text, findings: [], notices: [], errors: [] };
    await code.open(file, language, text, place);
    const { findings, notices } = code.judge(file, { severities });
    code.close(file);
    return { path: file, language, text, findings: findings.map(withNamedFiles), notices, errors: [] };
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
