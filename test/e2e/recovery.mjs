import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTypescript } from '../../scripts/load-typescript.mjs';

/**
 * @typedef {import('./workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame the page of the model editor
 */

/** Drawings that recoveries learn from, and the seed that no other set of them has. */
const drawings = { count: 80, seed: 77 };

/** What the user is told in the end; a fifth of the drawings judges. */
const result =
  /Same class as before on (\d+) % \((\d+) % without recovery\); consistency (\d+) → (\d+) %, on 16 held-out images; \d+ of \d+ layers have new weights/;

/**
 * A fix that recovers the weights behind it.
 * @type {readonly import('./scenarios.mjs').Scenario[]}
 */
export const recoveryScenarios = [
  { name: 'fix and recover an ONNX model in its editor, undo, redo, save', play: recoverOnnx },
];

/** @type {(workbench: Workbench) => Promise<void>} */
async function recoverOnnx(workbench) {
  const { page } = workbench;
  await draw(workbench);
  const editor = await openModel(workbench);
  const file = path.join(workbench.folder, 'shapes.onnx');
  const untouched = await readFile(file);
  await fixAndRecover(editor, workbench, 'light');

  const flagged = editor.getByText('strided-max-pool').first();
  await flagged.waitFor({ state: 'hidden' });
  await page.locator('.tab.active.dirty').waitFor();
  assert.deepEqual(await readFile(file), untouched, 'nothing is saved by itself');

  const tab = page.locator('.tab.active[data-resource-name="shapes.onnx"]');
  await tab.click();
  await page.keyboard.press('Control+Z');
  await flagged.waitFor();
  await page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+Y');
  await flagged.waitFor({ state: 'hidden' });
  await page.locator('.tab.active.dirty').waitFor();
  await page.keyboard.press('Control+S');
  await page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  const saved = await readFile(file);
  assert.ok(saved.length > untouched.length, 'the saved file has the blurs');
  await workbench.screenshot('recovered-saved');
}

/**
 * Fixes and recovers everything from the drawings, and checks what the user is told.
 * @type {(editor: Frame, workbench: Workbench, theme: string) => Promise<void>}
 */
async function fixAndRecover(editor, workbench, theme) {
  const { page } = workbench;
  await editor.locator('vscode-button', { hasText: 'Fix and recover…' }).first().click();
  await page.locator('.quick-input-widget', { hasText: 'no labels are needed' }).waitFor();
  await workbench.screenshot(`recover-dialog-${theme}`);
  await workbench.chooseFolder(`${workbench.folder}/drawings/`, 'Fix and Recover');
  await toast(page, /Shiftlint recovers shapes\.onnx.*[1-9]\d? %/).waitFor();
  await workbench.screenshot(`recover-progress-${theme}`);
  await toast(page, result).waitFor();
  await workbench.screenshot(`recovered-${theme}`);
  const [, after, before] = result.exec(await toast(page, result).innerText()) ?? [];
  assert.ok(Number(after) > Number(before), `recovery brings classes back: ${before} to ${after}`);
}

/** @type {(workbench: Workbench) => Promise<Frame>} */
async function openModel(workbench) {
  await workbench.openFile('shapes.onnx');
  const editor = await workbench.modelEditor();
  await editor.getByText('strided-max-pool').first().waitFor();
  return editor;
}

/**
 * Unlabelled drawings of the sample's kind, beside the models.
 * @type {(workbench: Workbench) => Promise<void>}
 */
async function draw({ folder }) {
  /** @type {{ writeDrawnShapes: (folder: string, count: number, seed: number) => unknown }} */
  const { writeDrawnShapes } = await loadTypescript('test/unit/drawn-shapes.ts');
  writeDrawnShapes(path.join(folder, 'drawings'), drawings.count, drawings.seed);
}

/** @type {(page: import('playwright-core').Page, text: RegExp) => import('playwright-core').Locator} */
function toast(page, text) {
  return page.locator('.notification-toast', { hasText: text });
}
