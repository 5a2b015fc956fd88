import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Every part that shows words of ours has learnt the language: the manifest, the extension host, the worker that judges code,
 * the process that reads models, and the page.
 * @param {Workbench} workbench in Chinese, on the samples, with a source and Problems shown
 */
export async function lookAtChinese(workbench) {
  const { page } = workbench;
  const words = await translations();
  const problems = page.locator('.markers-panel');
  // Of the worker that judges code, and of the process that reads models.
  await problems
    .locator('.monaco-list-row', { hasText: /nn\.MaxPool2d.*[\u4e00-\u9fff]/ })
    .first()
    .waitFor();
  await problems
    .locator('.monaco-list-row', { hasText: /MaxPooling2D "pool1".*[\u4e00-\u9fff]/ })
    .first()
    .waitFor();

  await workbench.command(`Shiftlint: ${words.manifest['commands.openModelEditor']}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'shapes.onnx' }).click();
  const editor = await workbench.modelEditor();
  await editor.getByText(words.all['Fix all ({0})']?.replace('{0}', '4') ?? 'no translation').waitFor();
  assert.equal(await editor.locator('html').getAttribute('lang'), 'zh-cn');
  await workbench.screenshot('chinese');
}

/** @returns {Promise<Record<'manifest' | 'all', Readonly<Record<string, string>>>>} */
async function translations() {
  const read = async (/** @type {string} */ file) => JSON.parse(await readFile(path.join(root, file), 'utf8'));
  return { manifest: await read('package.nls.zh-cn.json'), all: await read('dist/l10n/bundle.l10n.zh-cn.json') };
}
