import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importsOf } from '../../../src/code/imports';
import { mayLeadToCode } from '../../../src/extension/source-code/import-look';

describe('the look for imports of the workspace', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'shiftlint-look-')).replaceAll('\\', '/');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** Looks from `a/b/user` in a workspace that has some other files. */
  function look(text: string, name: string, files: Readonly<Record<string, string>>): Promise<boolean> {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(path.dirname(`${root}/${file}`), { recursive: true });
      writeFileSync(`${root}/${file}`, content);
    }
    const language = name.endsWith('.py') ? 'python' : 'typescript';
    return mayLeadToCode(importsOf(text, language), { file: `${root}/a/b/${name}`, root }, language);
  }

  const tensorflow = { 'package.json': '{ "dependencies": { "@tensorflow/tfjs": "4" } }' };

  it.each<[string, string, Readonly<Record<string, string>>, boolean]>([
    ['packages alone', 'import os\nimport numpy as np\n', { 'a/b/x.py': '' }, false],
    ['a module beside', 'import x\n', { 'a/b/x.py': '' }, true],
    ['a package around', 'from lib.deep import y\n', { 'lib/deep/y.py': '' }, true],
    ['one below src', 'from lib import y\n', { 'src/lib/y.py': '' }, true],
    ['one of a folder that is not around', 'from lib import y\n', { 'a/c/lib/y.py': '' }, false],
    ['a relative import', 'from ..x import y\n', { 'a/x.py': '' }, true],
    ['what its package binds', 'from . import y\n', { 'a/b/__init__.py': 'y = 1\n' }, true],
    ['a relative import of nothing', 'from ..x import y\n', { 'a/b/x.py': '' }, false],
    ['a package of the same name as a folder’s package file', 'import os\n', { 'a/b/__init__.py': '' }, false],
  ])('in Python: %s', async (_, text, files, expected) => {
    expect(await look(text, 'user.py', files)).toBe(expected);
  });

  it.each<[string, string, Readonly<Record<string, string>>, boolean]>([
    ['a module beside', "import { y } from './x';\n", { 'a/b/x.ts': '' }, true],
    ['one named by its output', "import { y } from '../x.js';\n", { 'a/x.ts': '' }, true],
    ['a folder', "import { y } from '../x';\n", { 'a/x/index.ts': '' }, true],
    ['nothing', "import { y } from './x';\n", { 'a/x.ts': '' }, false],
    ['packages alone', "import { y } from 'x';\n", { 'a/b/x.ts': '' }, false],
    ['an alias', "import { y } from '@/x';\n", { 'tsconfig.json': '{ "compilerOptions": { "paths": {} } }' }, true],
    ['in a package without TensorFlow.js', "import { y } from './x';\n", { 'a/b/x.ts': '', 'package.json': '{}' }, false],
    ['in a package with it', "import { y } from './x';\n", { 'a/b/x.ts': '', 'a/package.json': '{}', ...tensorflow }, true],
  ])('in TypeScript: %s', async (_, text, files, expected) => {
    expect(await look(text, 'user.ts', files)).toBe(expected);
  });
});
