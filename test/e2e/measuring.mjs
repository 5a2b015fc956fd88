import assert from 'node:assert/strict';

/** @typedef {import('playwright-core').Frame} Frame the page of the model editor */

/**
 * Measures in the Equivariance tab until its line says how many layers took how long, which it did not say before.
 * @param {Frame} editor
 * @returns {Promise<string>} that line, with the runtime
 */
export async function measure(editor) {
  await editor.locator('vscode-tab-header', { hasText: 'Equivariance' }).click();
  const status = async () => (await editor.locator('p.status').allInnerTexts()).join();
  const before = await status();
  await editor.locator('vscode-button', { hasText: 'Measure' }).first().click();
  const deadline = Date.now() + 60_000;
  for (let now = before; now === before || !/Backend: ONNX Runtime.*layers in/.test(now); now = await status()) {
    if (Date.now() > deadline) throw new Error(`The measurement did not end within a minute: ${now}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return status();
}

/**
 * The mean of the last map, as the page states it.
 * @param {Frame} editor
 */
export async function meanOfLastMap(editor) {
  const text = await editor.locator('shiftlint-losses p').innerText();
  const value = /last map keeps ([\d.]+)/.exec(text)?.[1];
  assert.ok(value, `the page states what the last map keeps: ${text}`);
  return Number(value);
}
