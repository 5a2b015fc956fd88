import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { foreignLibraries, tablesOf } from '../../../src/code/frameworks/registry';

/**
 * What a framework brings lies in the folder of its name: no other code tells one from another by name, be it in a switch, a
 * comparison or the keys of a record. Names inside longer texts, such as messages, tell nothing apart.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const tables = [...tablesOf('python'), ...tablesOf('javascript')];
const names = new Set([
  ...tables.flatMap(({ id, templates }) => [id, ...templates.map(({ module }) => module)]),
  ...foreignLibraries.map(({ name }) => name),
]);

/** Strings and keys of a source that are a framework's name, as `line: name`. */
function namesIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) && !isModuleSpecifier(node);
    const isKey =
      ts.isIdentifier(node) && (ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent)) && node.parent.name === node;
    if ((isText || isKey) && names.has(node.text))
      found.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.text}`);
    if (ts.isRegularExpressionLiteral(node))
      found.push(...[...names].filter((name) => new RegExp(`(?<![\\w@/])${name}(?!\\w)`).test(node.text)));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isModuleSpecifier({ parent }: ts.Node): boolean {
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mts|mjs)$/.test(name))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')));
}

const inOwnFolder = new RegExp(`^src/code/frameworks/(?:${tables.map(({ id }) => id).join('|')})/`);

describe('names of frameworks', () => {
  const files = ['src/code', 'src/extension/source-code', 'src/cli', 'scripts'].flatMap(sources).filter((file) => !inOwnFolder.test(file));

  it.each(files)('are told apart nowhere in %s', (file) => {
    expect(namesIn(file, readFileSync(path.join(root, file), 'utf8'))).toEqual([]);
  });

  it.each([
    [`if (site.framework === 'torch') run();`, ['1: torch']],
    [`switch (id) {\n  case "keras": break;\n}`, ['2: keras']],
    [`const writers = { flax: 1 };`, ['1: flax']],
    [`const isOwn = /^blurpool_torch\\b/;`, ['blurpool_torch']],
    [`import { torch } from 'torch';\nconst text = 'such as torch';`, []],
  ])('would be found in %s', (text, found) => {
    expect(namesIn('some.ts', text)).toEqual(found);
  });

  it('are those of their folders', () => {
    const folders = readdirSync(path.join(root, 'src/code/frameworks'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(tables.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
  });
});
