import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/** Runs the command line of this checkout, built anew where its sources are newer. Only the command writes to standard output. */
const commandLine = path.join(root, 'dist/cli.js');
const built = [commandLine, path.join(root, 'dist/engine.js')];

/** @param {string} folder */
function newest(folder) {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
  );
}

function upToDate() {
  return built.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest(path.join(root, 'src')));
}

/** One process builds; others that find the sources newer meanwhile wait for it. */
function build() {
  const lock = path.join(root, 'out/.building');
  mkdirSync(path.dirname(lock), { recursive: true });
  try {
    mkdirSync(lock);
  } catch {
    for (let waited = 0; existsSync(lock) && waited < 60_000; waited += 100)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    return upToDate() ? 0 : 2;
  }
  try {
    return spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status ?? 2;
  } finally {
    rmSync(lock, { recursive: true });
  }
}

if (!upToDate() && build() !== 0) {
  console.error('shiftlint: the command line could not be built; run "npm run build" to see why.');
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [commandLine, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 2;
