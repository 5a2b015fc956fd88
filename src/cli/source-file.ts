import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { importsFramework } from '../code/imports';
import type { CodeLanguage } from '../code/protocol';
import { CodeSession } from '../code/session';
import type { ProjectConfig } from '../core/config/project-config';
import type { LintedSource } from '../core/report/lint-report';
import { readRegularFile } from '../engine/input/regular-file';

/** Which grammar reads a source file, by its extension. */
const languages: Readonly<Record<string, CodeLanguage>> = {
  '.py': 'python',
  '.pyi': 'python',
  '.js': 'tsx',
  '.mjs': 'tsx',
  '.cjs': 'tsx',
  '.jsx': 'tsx',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'tsx',
};

/** The language of a source file; undefined for any other file. */
export function sourceLanguage(file: string): CodeLanguage | undefined {
  return languages[path.extname(file).toLowerCase()];
}

let session: Promise<CodeSession> | undefined;

/** Judges a source file. A file without an import of a supported framework is clean, and loads nothing. @throws ModelError */
export async function lintSource(file: string, language: CodeLanguage, severities: ProjectConfig['rules']): Promise<LintedSource> {
  const text = new TextDecoder().decode(await readRegularFile(file));
  if (!importsFramework(text, language)) return { path: file, language, text, findings: [], notices: [], errors: [] };
  session ??= CodeSession.create((grammar) => readFile(path.join(__dirname, 'grammars', grammar)));
  const code = await session;
  await code.open(file, language, text);
  const { findings, notices } = code.judge(file, { severities });
  code.close(file);
  return { path: file, language, text, findings, notices, errors: [] };
}
