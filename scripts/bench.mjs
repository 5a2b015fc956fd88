import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/** Builds, then runs every benchmark of bench/ one after another: `npm run bench [NAME…]`. Fails where a promise is not kept. */
const parts = [
  'brute-force.ts',
  'dense-models.ts',
  'figures.ts',
  'large-file.ts',
  'large-graphs.ts',
  'networks.ts',
  'page.ts',
  'workspace-files.ts',
];
const wanted = process.argv.slice(2);
const all = readdirSync(path.join(root, 'bench')).filter((file) => file.endsWith('.ts') && !parts.includes(file));
const chosen = all.filter((file) => wanted.length === 0 || wanted.includes(path.basename(file, '.ts')));

let failed = run('esbuild.mjs', '--production', '--tests') !== 0;
for (const file of chosen) failed = run('scripts/run-typescript.mjs', path.join('bench', file)) !== 0 || failed;
process.exit(failed ? 1 : 0);

/** @param {string[]} words */
function run(...words) {
  return spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status ?? 1;
}
