import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root.mjs';

/** The BlurPool modules that share a source: each `templates/source/blurpool_*.py` with what it includes. */
const source = path.join(root, 'templates/source');

/** A line that stands for another file of the folder, which takes on its indentation. */
const inclusion = /^([ ]*)# include: (\w+)$/gm;

/**
 * A file of the sources with the files that it includes.
 * @param {string} name without the ending
 * @returns {string}
 */
function expanded(name) {
  const text = readFileSync(path.join(source, `${name}.py`), 'utf8');
  return text.replaceAll(inclusion, (_, /** @type {string} */ indentation, /** @type {string} */ included) =>
    expanded(included)
      .trimEnd()
      .replaceAll(/^(?=.)/gm, indentation),
  );
}

/** @returns {Promise<Map<string, string>>} */
export function generated() {
  const names = readdirSync(source)
    .filter((file) => file.startsWith('blurpool_'))
    .map((file) => path.basename(file, '.py'));
  return Promise.resolve(new Map(names.map((name) => [`templates/${name}.py`, expanded(name)])));
}
