import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { esbuildWat } from './wat.mjs';

/** Bundles one TypeScript file of the repository and runs it: `node scripts/run-typescript.mjs FILE [WORDS…]`. */
const [file, ...words] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the TypeScript file to run.');
const outfile = path.resolve('out/run', `${path.basename(file, '.ts')}.cjs`);
await mkdir(path.dirname(outfile), { recursive: true });
await esbuild.build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  plugins: [esbuildWat],
});
process.argv = [process.execPath, path.resolve(file), ...words];
await import(pathToFileURL(outfile).href);
