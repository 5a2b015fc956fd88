import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTypescript } from '../../scripts/load-typescript.mjs';
import { themes } from './workbench.mjs';

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
 * A fix that recovers the weights behind it, from each of the places that offer one.
 * @type {readonly import('./scenarios.mjs').Scenario[]}
 */
export const recoveryScenarios = [
  { name: 'fix and recover an ONNX model in its editor, undo, redo, save', play: recoverOnnx },
  { name: 'fix and recover by the lightbulb of model.json and by the tree', play: recoverModelJson },
  { name: 'compare with recovered copies', play: (workbench) => compareRecovered(workbench, 'light') },
  { name: 'recovery in the dark theme', options: { theme: themes.dark }, play: (workbench) => lookAtRecovery(workbench, 'dark') },
  { name: 'recovery in high contrast', options: { theme: themes.contrast }, play: (workbench) => lookAtRecovery(workbench, 'contrast') },
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

/** @type {(workbench: Workbench) => Promise<void>} */
async function recoverModelJson(workbench) {
  const { page } = workbench;
  await draw(workbench);
  await workbench.openFile('shapes-tfjs/model.json');
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'MaxPooling2D "pool1"' });
  await problem.waitFor();
  // Rows move while the other model's findings arrive.
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'MaxPool "pool3"' }).waitFor();
  await problem.dblclick();
  await page.locator('.editor-instance .view-line', { hasText: /"name":\s"pool1"/ }).click();
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Fix and recover… (Tri-3' }).first().waitFor();
  await workbench.screenshot('recover-lightbulb');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget', { hasText: 'Folder of images to recover' }).waitFor();
  await page.keyboard.press('Escape');
  await toast(page, /needs a folder of images/).waitFor();
  await workbench.screenshot('recover-without-folder');
  await problem.waitFor();
  await page.locator('.notification-toast .monaco-button', { hasText: 'Fix Without Recovery' }).click();
  await problem.waitFor({ state: 'hidden' });
  await page.locator('.tab.active.dirty').waitFor();
  await page.locator('.statusbar-item', { hasText: 'evaluate the model' }).waitFor();
  await workbench.screenshot('fixed-without-folder');
  await page.locator('.editor-instance .view-lines').click();
  await page.keyboard.press('Control+Z');
  await problem.waitFor();

  await page.locator('.activitybar .action-label[aria-label="Shiftlint"]').click();
  const row = page.locator('.part.sidebar .monaco-list-row[aria-label*="MaxPooling2D"]', { hasText: /^\s*pool1/ });
  await row.click({ button: 'right' });
  const entry = page.locator('.context-view .action-item', { hasText: 'Fix and Recover…' });
  await entry.waitFor();
  await workbench.screenshot('recover-tree');
  await page.keyboard.press('Escape');
  await row.hover();
  await row.locator('.action-label[aria-label="Fix and Recover…"]').click();
  // The dialog opens beside the model; once it has listed that, it goes where it is sent.
  await page.locator('.quick-input-list .monaco-list-row', { hasText: '..' }).waitFor();
  await page.locator('.quick-input-widget input').fill(`${workbench.folder}/`);
  await workbench.chooseFolder(`${workbench.folder}/drawings/`, 'Fix and Recover');
  await toast(page, result).waitFor();
  await problem.waitFor({ state: 'hidden' });
  await workbench.screenshot('recovered-json');
}

/** @type {(workbench: Workbench, theme: string) => Promise<void>} */
async function lookAtRecovery(workbench, theme) {
  await draw(workbench);
  await fixAndRecover(await openModel(workbench), workbench, theme);
}

/** @type {(workbench: Workbench, theme: string) => Promise<void>} */
async function compareRecovered(workbench, theme) {
  await draw(workbench);
  const editor = await openModel(workbench);
  await editor.locator('vscode-tab-header', { hasText: 'Compare' }).click();
  const view = editor.locator('shiftlint-compare-view');
  const wanted = view.locator('vscode-checkbox', { hasText: 'Also recovered' });
  assert.ok(await wanted.evaluate((box) => box.hasAttribute('disabled')), 'without a folder there is nothing to recover from');
  await view.locator('vscode-button', { hasText: 'Choose folder' }).click();
  await workbench.chooseFolder(`${workbench.folder}/drawings/`, 'Use Folder');
  await view.locator('.file-name', { hasText: 'drawings' }).waitFor();
  await wanted.click();
  await view.locator('vscode-button', { hasText: 'Compare' }).click();
  await editor.getByText('recovering').first().waitFor();
  await workbench.screenshot(`compare-recovering-${theme}`);
  const table = view.locator('table', { hasText: 'Whole model' });
  await table.waitFor();
  const heads = await table.locator('th[scope=col]').allInnerTexts();
  assert.deepEqual(heads, ['Whole model', 'As it is', 'Tri-3', 'Tri-3 recovered', 'Bin-5', 'Bin-5 recovered', 'Bin-7', 'Bin-7 recovered']);
  const agreement = await table.locator('tr', { hasText: 'Same class as the original' }).locator('td').allInnerTexts();
  const [, , , inserted, recovered] = agreement.map((text) => Number.parseFloat(text));
  assert.ok(Number(recovered) > Number(inserted), `recovery brings classes back: ${agreement.join()}`);
  await workbench.screenshot(`compare-recovered-${theme}`);
  await table.scrollIntoViewIfNeeded();
  await workbench.screenshot(`compare-recovered-table-${theme}`);
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
