import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Installs the test host: code-server, which carries a complete VS Code, and Chromium to show it. Skipped where a stamp
 * says that this very lockfile is installed. code-server's own install script refuses root and downloads ripgrep, which
 * finds files for extensions, from a host of its own; so its steps are done one by one, and ripgrep is Debian's.
 */

const folder = path.dirname(fileURLToPath(import.meta.url));
const server = path.join(folder, 'node_modules/code-server');
const vscode = path.join(server, 'lib/vscode');
const stampFile = path.join(folder, 'node_modules/.installed');

/** Entry point of the server; exists once `installTestHost` has run. */
export const serverEntry = path.join(server, 'out/node/entry.js');

/** Where Debian puts Chromium; another browser of that family can be named. */
export const chromium = process.env['SHIFTLINT_CHROMIUM'] ?? '/usr/bin/chromium';

/** VS Code's file search. */
const ripgrep = process.env['SHIFTLINT_RIPGREP'] ?? '/usr/bin/rg';

/** Makes sure that server and browser are there. Takes about a minute the first time. */
export async function installTestHost(log = (/** @type {string} */ line) => console.error(line)) {
  const missing = [...(existsSync(chromium) ? [] : ['chromium']), ...(existsSync(ripgrep) ? [] : ['ripgrep'])];
  if (missing.length > 0) {
    log(`test host: installing ${missing.join(' and ')} (Debian packages)`);
    run('apt-get', ['update', '-qq'], folder);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], folder);
  }
  await installServer(log);
}

/** @param {(line: string) => void} log */
async function installServer(log) {
  const stamp = createHash('sha256')
    .update(await readFile(path.join(folder, 'package-lock.json')))
    .update(process.version)
    .update(await readFile(fileURLToPath(import.meta.url)))
    .digest('hex');
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;
  log('test host: installing a browser-served VS Code');
  await rm(stampFile, { force: true });
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  // The checkout runs no install scripts, and npm tells that to everything that it starts.
  const rebuild = ['rebuild', '--ignore-scripts=false', '--loglevel=error'];
  const packages = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', packages, vscode);
  await rm(path.join(vscode, 'node_modules.asar'), { recursive: true, force: true });
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
  run('npm', [...rebuild, '@vscode/spdlog', 'native-watchdog'], vscode);
  run('npm', packages, path.join(vscode, 'extensions'));
  const searchTool = path.join(vscode, 'node_modules/@vscode/ripgrep/bin');
  await mkdir(searchTool, { recursive: true });
  await rm(path.join(searchTool, 'rg'), { force: true });
  await symlink(ripgrep, path.join(searchTool, 'rg'));
  run('npm', [...rebuild, 'argon2'], folder);
  await mkdir(path.dirname(stampFile), { recursive: true });
  await writeFile(stampFile, stamp);
}

/** @type {(command: string, words: readonly string[], cwd: string) => void} */
function run(command, words, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  throw new Error(
    `test host: \`${command} ${words.join(' ')}\` failed in ${path.relative(process.cwd(), cwd) || '.'}: ${error?.message ?? `${stdout}${stderr}`}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installTestHost();
