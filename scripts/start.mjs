import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './root.mjs';

/**
 * Builds Shiftlint and opens a copy of the sample workspace with it: in the desktop VS Code where `code` is on the PATH,
 * else in a browser-served one whose address is printed. `--check` only proves that the address answers.
 */
const check = process.argv.includes('--check');

const build = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
const workspace = path.join(await mkdtemp(path.join(tmpdir(), 'shiftlint-')), 'samples');
await cp(path.join(root, 'samples'), workspace, { recursive: true, filter: (file) => path.basename(file) !== 'train' });

if (!check && spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0) {
  spawn('code', [`--extensionDevelopmentPath=${root}`, workspace], { stdio: 'inherit', shell: process.platform === 'win32' });
} else {
  await serve();
}

async function serve() {
  const { VisualStudioCodeServer } = await import('../test/host/server.mjs');
  const server = await VisualStudioCodeServer.start();
  const address = server.address({ folder: workspace, development: root });
  console.log(`Shiftlint runs in VS Code at\n\n  ${address}\n\nOpen it in a browser; Ctrl-C ends it.`);
  const end = async () => {
    await server.stop();
    await rm(path.dirname(workspace), { recursive: true, force: true });
    process.exit();
  };
  if (check) {
    const { ok } = await fetch(address);
    process.exitCode = ok ? 0 : 1;
    await end();
  }
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
