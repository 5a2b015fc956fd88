import type { CodeLanguage } from './protocol';

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

/** The language of a source file by its name; undefined for any other file. */
export function sourceLanguage(file: string): CodeLanguage | undefined {
  return languages[/\.[^./\\]+$/.exec(file)?.[0].toLowerCase() ?? ''];
}
