import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root.mjs';

/** Where translations lie: `l10n/LANGUAGE/FILE.json`, each an object of translated texts by their English ones. */
const folder = path.join(root, 'l10n');

/**
 * The files of a language, and the folders whose texts each of them has.
 * @type {ReadonlyMap<string, readonly string[]>}
 */
export const roomsOf = new Map([
  ['editor', ['src/extension', 'src/panel-protocol']],
  ['page', ['webview']],
  ['core', ['src/core', 'src/code', 'src/engine', 'src/cli']],
]);

/** The languages besides English. */
export const languages = () => readdirSync(folder).sort();

/**
 * Where a language's translations of a room lie.
 * @param {string} language
 * @param {string} file
 */
export const fileOf = (language, file) => path.join(folder, language, `${file}.json`);

/**
 * A language's translations, by their file.
 * @param {string} language
 * @returns {Map<string, Readonly<Record<string, string>>>}
 */
export function translationsOf(language) {
  return new Map([...roomsOf.keys()].map((file) => [file, JSON.parse(readFileSync(fileOf(language, file), 'utf8'))]));
}
