import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { packages, rooms } from './zones.mjs';

/**
 * The lint rule `shiftlint/zones`: an import leads only where zones.mjs lets it. Every way to name a module counts: imports,
 * re-exports, dynamic imports and types.
 */

/**
 * Why a file must not import a module, or undefined where it may.
 * @param {string} root of the repository
 * @param {string} file absolute
 * @param {string} module as it is written
 * @returns {string | undefined} what to do instead
 */
export function remedyFor(root, file, module) {
  const from = inRepository(root, file);
  if (!module.startsWith('.')) {
    return packages.find(({ names, only }) => names.test(module) && !only.some((pattern) => within(pattern, from)))?.remedy;
  }
  const to = inRepository(root, resolved(path.resolve(path.dirname(file), module)));
  return rooms.find(({ room, mayImport }) => {
    const home = within(room, from);
    return (
      home !== undefined &&
      home !== from &&
      within(home, to) === undefined &&
      !mayImport.some((pattern) => within(pattern, to) !== undefined)
    );
  })?.remedy;
}

/** @type {(root: string, file: string) => string} */
function inRepository(root, file) {
  return path.relative(root, file).split(path.sep).join('/');
}

/** @param {string} target of an import, which TypeScript's are without an ending */
function resolved(target) {
  if (existsSync(target) && statSync(target).isDirectory()) return path.join(target, 'index.ts');
  return existsSync(target) ? target : `${target}.ts`;
}

/** @type {Map<string, RegExp>} */
const expressions = new Map();

/**
 * The file or folder of a pattern that a file is or lies in; `*` stands for one name.
 * @type {(pattern: string, file: string) => string | undefined}
 */
export function within(pattern, file) {
  const known = expressions.get(pattern);
  const expression = known ?? new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}(?=/|$)`);
  if (known === undefined) expressions.set(pattern, expression);
  return expression.exec(file)?.[0];
}

/** @type {import('eslint').Rule.RuleModule} */
export const zoneRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    /** @param {any} node of a syntax tree that names a module */
    const check = (node) => {
      const source = node.source?.literal ?? node.source ?? node.argument?.literal;
      if (typeof source?.value !== 'string') return;
      const message = remedyFor(context.cwd, context.filename, source.value);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      TSImportType: check,
    };
  },
};
