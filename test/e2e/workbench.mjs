import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownTarget, packageFile } from '../../scripts/package/targets.mjs';
import { launchBrowser } from '../host/browser.mjs';
import { VisualStudioCodeServer } from '../host/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const screenshots = path.join(root, 'out/screenshots');

/** Names of VS Code's own themes. */
export const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern', contrast: 'Default High Contrast' };

/** The same as the list of themes shows them. */
const themeLabels = { light: 'Light Modern', dark: 'Dark Modern', contrast: 'Dark High Contrast' };

/** A VS Code with the packaged extension installed, on a copy of the samples, driven as a user drives it. */
export class Workbench {
  #server;
  #browser;

  /**
   * @param {VisualStudioCodeServer} server
   * @param {import('playwright-core').Browser} browser
   * @param {import('playwright-core').Page} page
   * @param {string} folder the workspace
   */
  constructor(server, browser, page, folder) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
    this.folder = folder;
  }

  /**
   * @param {object} options
   * @param {string} [options.theme]
   * @param {Record<string, string>} [options.files] that the workspace holds in the place of the samples, by name
   * @param {string} [options.target] whose package is installed
   * @param {{ width: number, height: number }} [options.size] of the window
   */
  static async open({ theme = themes.light, files, target = ownTarget(), size = { width: 1440, height: 900 } } = {}) {
    const folder = path.join(await mkdtemp(path.join(tmpdir(), 'shiftlint-e2e-')), 'samples');
    if (files === undefined)
      await cp(path.join(root, 'samples'), folder, { recursive: true, filter: (file) => path.basename(file) !== 'train' });
    else await mkdir(folder);
    for (const [name, text] of Object.entries(files ?? {})) await writeFile(path.join(folder, name), text);
    const server = await VisualStudioCodeServer.start({ vsix: packageFile(target), settings: { 'workbench.colorTheme': theme } });
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: size });
    page.setDefaultTimeout(60_000);
    const workbench = new Workbench(server, browser, page, folder);
    await workbench.#load();
    return workbench;
  }

  async #load() {
    await this.page.goto(this.#server.address({ folder: this.folder }));
    await this.page.locator('.monaco-workbench .explorer-folders-view').waitFor();
  }

  /**
   * Opens the window anew in a language.
   * @param {Parameters<VisualStudioCodeServer['speak']>[0]} language
   */
  async speak(language) {
    await this.#server.speak(language);
    await this.#load();
  }

  /**
   * Runs a command by its name in the palette.
   * @param {string} name
   */
  async command(name) {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').fill(`>${name}`);
    // Until the list is that of the words, its first row is another command.
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /**
   * Opens a file by its path in the workspace.
   * @param {string} name
   */
  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input').fill(name);
    // Until the list is that of the name, its first row is another file.
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: path.basename(name) }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator(`.tab.active[data-resource-name="${path.basename(name)}"]`).waitFor();
  }

  /**
   * Answers VS Code's own dialog for a folder.
   * @param {string} folder that has no folder inside, its path ending in a slash
   * @param {string} label of the button
   */
  async chooseFolder(folder, label) {
    // The dialog writes its own folder into the field once it has listed it, over whatever was typed before.
    const entries = this.page.locator('.quick-input-list .monaco-list-row');
    await entries.filter({ hasText: 'images' }).waitFor();
    await this.page.locator('.quick-input-widget input').fill(folder);
    await entries.filter({ hasText: 'images' }).waitFor({ state: 'hidden' });
    await this.page.locator('.quick-input-widget .monaco-button', { hasText: label }).click();
  }

  /** The frame of the model editor's page, however deep VS Code nests it. */
  modelEditor() {
    return this.#frameOf('shiftlint-app');
  }

  /** The frame of the page that explains a layer. */
  explainPage() {
    return this.#frameOf('shiftlint-explain');
  }

  /** @param {string} element that its page consists of */
  async #frameOf(element) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const [frame] = await this.#framesWith(element);
      if (frame !== undefined) return frame;
      if (Date.now() > deadline) throw new Error(`${element} did not appear within a minute.`);
      await this.page.waitForTimeout(200);
    }
  }

  /** The frames of all pages of ours that are open in front. */
  ownPages() {
    return this.#framesWith('shiftlint-app, shiftlint-explain');
  }

  /** @param {string} selector */
  async #framesWith(selector) {
    const frames = this.page.frames();
    const counts = await Promise.all(
      frames.map((frame) =>
        frame
          .locator(selector)
          .count()
          .catch(() => 0),
      ),
    );
    return frames.filter((_, index) => (counts[index] ?? 0) > 0);
  }

  /**
   * Takes another theme, and waits until all pages of ours have its colours.
   * @param {keyof typeof themes} theme
   */
  async wear(theme) {
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+T');
    await this.page.locator('.quick-input-widget input').fill(themeLabels[theme]);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: themeLabels[theme] }).waitFor();
    await this.page.keyboard.press('Enter');
    for (const frame of await this.ownPages()) await frame.locator(`body[data-vscode-theme-id="${themes[theme]}"]`).waitFor();
  }

  /**
   * Keeps a picture in out/screenshots.
   * @param {string} name
   */
  async screenshot(name) {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  async close() {
    await this.#browser.close();
    await this.#server.stop();
    await rm(path.dirname(this.folder), { recursive: true, force: true });
  }
}
