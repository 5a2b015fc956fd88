import { licenceOf } from './licences.mjs';

/** @typedef {import('./licences.mjs').Licence} Licence */

const line = '#'.repeat(80);

/**
 * The NOTICE of a package: everything that it holds and we did not write, with its terms. A text that several share stands once, behind
 * the names of all of them.
 * @param {readonly string[]} folders of the installed packages
 * @throws where one has no licence text
 */
export function notice(folders) {
  const byName = new Map(folders.map((folder) => licenceOf(folder)).map((licence) => [`${licence.name} ${licence.version}`, licence]));
  const named = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = named.map(([name, { licence }]) => `- ${name}: ${licence}`);
  return `${head}\n\n${list.join('\n')}\n${[...bodies(named)].map(([text, names]) => section(names, text)).join('')}`;
}

const head = `Shiftlint holds the following packages, or parts of them, under the terms that stand below each.
Its own licence is in the file LICENSE.`;

/**
 * @param {readonly (readonly [string, Licence])[]} named
 * @returns {Map<string, string[]>} the names that each text belongs to
 */
function bodies(named) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [name, { texts }] of named)
    for (const { title, text } of texts) found.set(text, [...(found.get(text) ?? []), `${name} (${title})`]);
  return found;
}

/** @type {(names: readonly string[], text: string) => string} */
function section(names, text) {
  return `\n${line}\n${names.join('\n')}\n${line}\n\n${text}\n`;
}
