import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { esbuildWat } from '../../../scripts/wat.mjs';

const folders: string[] = [];
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A folder from which a forked module finds the project's packages; under `out/`, which is ignored and rebuilt. */
export function moduleFolder(): string {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'out', 'engine-'));
  folders.push(folder);
  return folder;
}

/** Deletes what this file has made. */
export function removeModuleFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Bundles a process as the extension ships it, the one that runs models or the one that reads them, and answers with its path. */
export async function bundleEngine(entry: 'main' | 'reader' = 'main'): Promise<string> {
  const outfile = path.join(moduleFolder(), 'engine.cjs');
  await esbuild.build({
    entryPoints: [path.join(root, `src/engine/process/${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node'],
    // The CommonJS build of jsonc-parser loads its parts in a way that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [esbuildWat],
    logLevel: 'error',
  });
  return outfile;
}

/** A module that stands in for the engine. */
export function fakeEngine(code: string): string {
  const file = path.join(moduleFolder(), 'fake.cjs');
  writeFileSync(file, code);
  return file;
}
