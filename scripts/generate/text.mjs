import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../root.mjs';

/**
 * A text file of the repository.
 * @param {string} file relative to the root
 */
export function read(file) {
  return readFile(path.join(root, file), 'utf8');
}

/**
 * JSON as npm writes it.
 * @param {unknown} value
 */
export function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * The text with what stands between `<!-- generated: name -->` and `<!-- end: name -->` replaced.
 * @param {string} text
 * @param {string} name
 * @param {string} content
 */
export function between(text, name, content) {
  const [open, close] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`The text has no place marked ${open} … ${close}.`);
  return text.slice(0, start + open.length) + content + text.slice(end);
}

/**
 * The rules as a table, loudness last.
 * @param {readonly { readonly id: string, readonly summary: string, readonly defaultSeverity: string }[]} rules
 * @param {string} folder of the pages, seen from where the table stands
 */
export function ruleTable(rules, folder) {
  const rows = rules.map(({ id, summary, defaultSeverity }) => `| [${id}](${folder}/${id}.md) | ${summary} | ${defaultSeverity} |`);
  return ['| rule | flags | default |', '| --- | --- | --- |', ...rows].join('\n');
}
