import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { meanOfLastMap, measure } from './measuring.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/**
 * The extension that platforms without one of their own get.
 * @type {readonly import('./scenarios.mjs').Scenario[]}
 */
export const universalScenarios = [
  {
    name: 'the universal extension: open an ONNX model, measure it on WebAssembly, fix it, save it',
    options: { target: 'universal' },
    play: fixOnWasm,
  },
];

/** @type {(workbench: Workbench) => Promise<void>} */
async function fixOnWasm(workbench) {
  const { page, folder } = workbench;
  await workbench.openFile('shapes.onnx');
  const editor = await workbench.modelEditor();
  await editor.getByText('strided-max-pool').first().waitFor();
  assert.match(await measure(editor), /Backend: ONNX Runtime 1\.\d+ WASM \(onnxruntime-node is not installed\)/);
  const before = await meanOfLastMap(editor);

  await editor.locator('vscode-tab-header', { hasText: 'Layers' }).click();
  await editor.locator('vscode-button', { hasText: /Fix all/ }).click();
  await editor.getByText('strided-max-pool').first().waitFor({ state: 'hidden' });
  await page.locator('.tab.active.dirty').waitFor();
  const file = path.join(folder, 'shapes.onnx');
  const untouched = await readFile(file);
  await page.locator('.tab.active[data-resource-name="shapes.onnx"]').click();
  await page.keyboard.press('Control+S');
  await page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  assert.ok((await readFile(file)).length > untouched.length, 'the saved file has the blurs');

  await measure(editor);
  const after = await meanOfLastMap(editor);
  assert.ok(after > before, `the last map's mean rises: ${before} to ${after}`);
  await workbench.screenshot('universal');
}
