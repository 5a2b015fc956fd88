import type { CodeLanguage, SourceLanguage } from './protocol';

/** The languages that are judged, by the identifiers of editors and notebooks. */
export const grammars: ReadonlyMap<string, SourceLanguage> = new Map([
  ['python', 'python'],
  ['javascript', 'javascript'],
  ['javascriptreact', 'tsx'],
  ['typescript', 'typescript'],
  ['typescriptreact', 'tsx'],
  ['yaml', 'yaml'],
]);

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

/** Extensions of all source files. */
export const sourceExtensions: readonly string[] = [...Object.keys(languages), '.yaml', '.yml'];

/** The language of a program by its file's name; undefined for any other file. */
export function programLanguage(file: string): CodeLanguage | undefined {
  return languages[endingOf(file)];
}

/** The language of a source file by its name: a program's, or YAML, which may describe a model. Undefined for any other file. */
export function sourceLanguage(file: string): SourceLanguage | undefined {
  return programLanguage(file) ?? (/^\.ya?ml$/.test(endingOf(file)) ? 'yaml' : undefined);
}

function endingOf(file: string): string {
  return /\.[^./\\]+$/.exec(file)?.[0].toLowerCase() ?? '';
}
