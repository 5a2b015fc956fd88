import { spawnSync } from 'node:child_process';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from './root.mjs';
import { esbuildWat } from './wat.mjs';

/** Builds, then fuzzes: `npm run fuzz [-- --seconds N --seed N …]`; test/fuzz/main.ts says the rest. */
const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
await esbuild.build({
  entryPoints: { main: path.join(root, 'test/fuzz/main.ts'), worker: path.join(root, 'test/fuzz/worker.ts') },
  outdir: path.join(root, 'out/fuzz'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  sourcemap: true,
  plugins: [esbuildWat],
});
const words = ['--enable-source-maps', path.join(root, 'out/fuzz/main.cjs'), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status ?? 1);
