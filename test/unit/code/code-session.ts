import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ProjectFiles } from '../../../src/code/project-files';
import { CodeSession, type GrammarFile } from '../../../src/code/session';

const require = createRequire(path.join(process.cwd(), 'package.json'));

const packages: Readonly<Record<GrammarFile, string>> = {
  'web-tree-sitter.wasm': 'web-tree-sitter',
  'tree-sitter-python.wasm': 'tree-sitter-python',
  'tree-sitter-javascript.wasm': 'tree-sitter-javascript',
  'tree-sitter-typescript.wasm': 'tree-sitter-typescript',
  'tree-sitter-tsx.wasm': 'tree-sitter-typescript',
};

/** A session with the grammars of the installed packages, alone or in a workspace. */
export function codeSession(files: ProjectFiles | null = null): Promise<CodeSession> {
  return CodeSession.create(grammarBytes, files);
}

/** A grammar of an installed package. */
export function grammarBytes(file: GrammarFile): Promise<Uint8Array> {
  return readFile(path.join(packageFolder(packages[file]), file));
}

function packageFolder(name: string): string {
  return path.dirname(name === 'web-tree-sitter' ? require.resolve(name) : require.resolve(`${name}/package.json`));
}
