import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from './root.mjs';

/**
 * Writes what is derived from something else: settings, schema, tables, indexes. `npm run generate` writes, and
 * test/unit/generated.test.ts fails where a file is not what it would write.
 * Each module of scripts/generate exports `generated()`, the texts of its files by their paths from the root.
 */

/**
 * What every module of scripts/generate wants its files to hold.
 * @returns {Promise<Map<string, string>>}
 */
export async function generatedFiles() {
  const folder = path.join(root, 'scripts/generate');
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs'))) {
    /** @type {{ generated?: () => Promise<Map<string, string>> }} */
    const { generated } = await import(pathToFileURL(path.join(folder, name)).href);
    if (generated === undefined) continue;
    for (const [file, text] of await generated()) {
      if (files.has(file)) throw new Error(`Two modules of scripts/generate write ${file}.`);
      files.set(file, text);
    }
  }
  return files;
}

/**
 * Writes the files that differ.
 * @returns {Promise<string[]>} their paths
 */
export async function generate() {
  const written = [];
  for (const [file, text] of await generatedFiles()) {
    const target = path.join(root, file);
    if (existsSync(target) && (await readFile(target, 'utf8')) === text) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
    written.push(file);
  }
  return written;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = await generate();
  console.log(written.length === 0 ? 'Everything that is generated is up to date.' : `Wrote ${written.join(', ')}.`);
}
