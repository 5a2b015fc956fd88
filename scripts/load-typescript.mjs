import path from 'node:path';
import { pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { root } from './root.mjs';

/**
 * The exports of a TypeScript module of this repository, bundled into out/run and imported from there.
 * @param {string} file relative to the repository's root
 * @returns {Promise<any>} to be narrowed by the caller: `typeof import(…)`
 */
export async function loadTypescript(file) {
  const outfile = path.join(root, 'out/run', `${file.replaceAll(/\W/g, '-')}.mjs`);
  await esbuild.build({
    entryPoints: [path.join(root, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
