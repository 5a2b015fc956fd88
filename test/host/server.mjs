import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installTestHost, serverEntry } from './install.mjs';

/** A running browser-served VS Code with a profile of its own. */
export class VisualStudioCodeServer {
  #child;
  #profile;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} profile folder
   * @param {number} port
   */
  constructor(child, profile, port) {
    this.#child = child;
    this.#profile = profile;
    this.port = port;
  }

  /**
   * @param {object} options
   * @param {object} [options.settings]
   * @param {string} [options.vsix]
   * @param {Record<string, string>} [options.env]
   * @param {number} [options.port]
   * @param {boolean} [options.trusted]
   * @param {(line: string) => void} [options.log]
   */
  static async start({ settings = {}, vsix, env = {}, port, trusted = true, log = () => {} } = {}) {
    await installTestHost();
    const profile = await mkdtemp(path.join(tmpdir(), 'shiftlint-vscode-'));
    const userData = path.join(profile, 'data');
    await mkdir(path.join(userData, 'User'), { recursive: true });
    await writeFile(path.join(userData, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
    await addLanguages(userData);
    const environment = { ...homeIn(profile), ...env };
    const folders = [
      '--user-data-dir',
      userData,
      '--extensions-dir',
      path.join(profile, 'extensions'),
      '--config',
      path.join(profile, 'config.yaml'),
    ];
    if (vsix !== undefined) await cp(await extensionsWith(vsix), path.join(profile, 'extensions'), { recursive: true });
    const chosenPort = port ?? (await freePort());
    const trust = trusted ? ['--disable-workspace-trust'] : [];
    const words = ['--bind-addr', `127.0.0.1:${chosenPort}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check', ...trust];
    const child = spawn(process.execPath, [serverEntry, ...folders, ...words], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', log);
    const server = new VisualStudioCodeServer(child, profile, chosenPort);
    try {
      await server.#answers();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /**
   * Address that opens a folder, with an extension under development where one is named.
   * @param {{folder: string, development?: string, tests?: string}} options absolute paths
   */
  address({ folder, development, tests }) {
    const remote = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${this.port}${file}`;
    /** @type {string[][]} */
    const payload = [['skipWelcome', 'true']];
    if (development !== undefined) payload.push(['extensionDevelopmentPath', remote(development)]);
    if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    return `http://127.0.0.1:${this.port}/?${query.toString().replaceAll('+', '%20')}`;
  }

  /**
   * Lets windows that open from now on speak a language, of which VS Code has a pack.
   * @param {typeof languages[number]} language
   */
  async speak(language) {
    await writeFile(path.join(this.#profile, 'data/User/argv.json'), JSON.stringify({ locale: language }));
  }

  /** Ends the server with everything it started, and forgets the profile. */
  async stop() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      process.kill(-pid, 'SIGKILL');
      await ended;
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #answers() {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`The VS Code server ended with code ${this.#child.exitCode}.`);
      const response = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
      if (response?.ok) return;
      if (Date.now() > deadline) throw new Error('The VS Code server did not answer within a minute.');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** What VS Code can speak besides English, as it names it. */
const languages = /** @type {const} */ (['zh-cn']);

/**
 * Packs of languages that translate nothing of VS Code itself: extensions bring their own words. They are read once, when the
 * first window opens.
 * @param {string} userData folder
 */
async function addLanguages(userData) {
  const words = path.join(userData, 'words.json');
  const extensions = [{ extensionIdentifier: { id: 'shiftlint.words' }, version: '1.0.0' }];
  const packs = languages.map((language) => [language, { hash: 'none', extensions, label: language, translations: { vscode: words } }]);
  await writeFile(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  await writeFile(path.join(userData, 'languagepacks.json'), JSON.stringify(Object.fromEntries(packs)));
}

/** Nothing that pops up, phones home or gets in the way of a test. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'files.simpleDialog.enable': true,
  // In a browser VS Code saves by itself; on the desktop it does not, and neither may it here.
  'files.autoSave': 'off',
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
};

/**
 * Folders of extensions that a package was installed into, by its file. VS Code finds a copy of one as well as itself.
 *
 * @type {Map<string, Promise<string>>}
 */
const installed = new Map();

/** @param {string} vsix */
function extensionsWith(vsix) {
  const folder = installed.get(vsix) ?? install(vsix);
  installed.set(vsix, folder);
  return folder;
}

/** @param {string} vsix */
async function install(vsix) {
  const place = await mkdtemp(path.join(tmpdir(), 'shiftlint-installed-'));
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  const folder = path.join(place, 'extensions');
  const words = ['--user-data-dir', path.join(place, 'data'), '--extensions-dir', folder, '--config', path.join(place, 'config.yaml')];
  await finished(spawn(process.execPath, [serverEntry, ...words, '--install-extension', vsix], { env: homeIn(place), stdio: 'pipe' }));
  return folder;
}

/**
 * An environment in which everything that a server keeps lies in a folder.
 *
 * @param {string} folder
 */
function homeIn(folder) {
  return { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @param {import('node:child_process').ChildProcessWithoutNullStreams} child */
async function finished(child) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`The extension could not be installed:\n${output}`);
}
