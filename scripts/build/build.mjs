import { rm } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from '../root.mjs';
import { copyAssets } from './assets.mjs';
import { bundles, tests } from './bundles.mjs';

/**
 * Builds dist/: our programs, each one file, and the assets that they load at run time.
 * @param {{ production?: boolean, withTests?: boolean }} options `production`: minified, without source maps; `withTests`: also out/test
 * @returns {Promise<Map<string, string[]>>} the folders of the packages that each bundle holds, by the bundle's path from the root
 */
export async function build({ production = false, withTests = false } = {}) {
  process.chdir(root);
  await rm('dist', { recursive: true, force: true });
  await copyAssets();
  const results = await Promise.all(bundles(production).map((options) => esbuild.build(options)));
  if (withTests) await esbuild.build(tests);
  return new Map(results.flatMap(({ metafile }) => (metafile === undefined ? [] : packagesOf(metafile))));
}

/** Builds again whenever a source changes. @param {{ production?: boolean, withTests?: boolean }} options */
export async function watch({ production = false, withTests = false } = {}) {
  await build({ production, withTests });
  for (const options of withTests ? [...bundles(production), tests] : bundles(production)) await (await esbuild.context(options)).watch();
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {[string, string[]][]}
 */
function packagesOf({ outputs }) {
  return Object.entries(outputs)
    .filter(([file]) => file.endsWith('.js'))
    .map(([file, { inputs }]) => {
      const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      const folders = used.map(([input]) => packageOf(input)).filter((folder) => folder !== undefined);
      return [file, [...new Set(folders)].sort()];
    });
}

/**
 * The folder of the package that a file belongs to, the innermost where packages are nested.
 * @param {string} file
 */
function packageOf(file) {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
  return folder === undefined ? undefined : path.resolve(root, folder);
}
