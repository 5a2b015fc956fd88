import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs the command line of this checkout, built anew where its sources are newer. Only the command writes to standard output. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = [path.join(root, 'dist/cli.js'), path.join(root, 'dist/engine.js')];

function newest(folder) {
  return Math.max(0, ...readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}

const upToDate = built.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest(path.join(root, 'src')));
if (!upToDate) {
  const build = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) process.exit(2);
}
const { status } = spawnSync(process.execPath, [built[0], ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 2;
