import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root.mjs';
import { roomsOf } from './files.mjs';
import { placeholdersOf, textsOf } from './texts.mjs';

/**
 * The texts of every file of translations, from the sources of its rooms, and what is wrong in those.
 * @returns {{ texts: Map<string, Set<string>>, faults: string[] }}
 */
export function textsOfRooms() {
  const texts = new Map();
  const faults = [];
  for (const [file, rooms] of roomsOf) {
    const own = new Set();
    for (const source of rooms.flatMap(sourcesIn)) {
      const found = textsOf(source, readFileSync(path.join(root, source), 'utf8'));
      for (const text of found.texts) own.add(text);
      faults.push(...found.faults);
    }
    texts.set(file, own);
  }
  return { texts, faults };
}

/** @type {(folder: string) => string[]} */
function sourcesIn(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')));
}

/**
 * What is wrong with a language's translations, as sentences: texts without one, translations without a text, places for
 * values that differ, and one text with two translations.
 * @param {ReadonlyMap<string, ReadonlySet<string>>} texts of the sources, by file
 * @param {ReadonlyMap<string, Readonly<Record<string, string>>>} translations by file
 */
export function faultsOf(texts, translations) {
  const faults = [];
  const known = /** @type {Map<string, string>} */ (new Map());
  for (const [file, wanted] of texts) {
    const own = new Map(Object.entries(translations.get(file) ?? {}));
    for (const text of wanted) if (!own.has(text)) faults.push(`${file}: “${text}” has no translation.`);
    for (const [text, translation] of own) {
      if (!wanted.has(text)) faults.push(`${file}: No source has “${text}” any more.`);
      if (translation.trim() === '') faults.push(`${file}: The translation of “${text}” is empty.`);
      if (placeholdersOf(text).join() !== placeholdersOf(translation).join())
        faults.push(`${file}: The values of “${text}” are not those of “${translation}”.`);
      const other = known.get(text);
      if (other !== undefined && other !== translation)
        faults.push(`${file}: “${text}” is translated as “${other}” and as “${translation}”.`);
      known.set(text, translation);
    }
  }
  return faults;
}
