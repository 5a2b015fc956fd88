import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { loadTypescript } from './load-typescript.mjs';

const require = createRequire(import.meta.url);

/**
 * A session that judges and fixes code, with the grammars of the packages.
 * @returns {Promise<import('../src/code/session').CodeSession>}
 */
export async function codeSession() {
  /** @type {typeof import('../src/code/session')} */
  const { CodeSession } = await loadTypescript('src/code/session.ts');
  const folder = (/** @type {string} */ name) =>
    path.dirname(name === 'web-tree-sitter' ? require.resolve(name) : require.resolve(`${name}/package.json`));
  return CodeSession.create(async (file) => readFileSync(path.join(folder(path.basename(file, '.wasm')), file)));
}

/**
 * A text with edits that are in its order.
 * @type {(text: string, edits: readonly import('../src/core/formats/format').TextEdit[]) => string}
 */
export function withEdits(text, edits) {
  return edits.reduceRight(
    (result, { offset, length, text: added }) => result.slice(0, offset) + added + result.slice(offset + length),
    text,
  );
}
