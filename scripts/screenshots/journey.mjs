import path from 'node:path';
import { measure } from '../../test/e2e/measuring.mjs';

/**
 * @typedef {import('../../test/e2e/workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame the page of the model editor
 */

/** A busy machine takes its time. */
const patienceMs = 300_000;

/** Maps and drawings are painted once they are near the screen. */
const paintedMs = 800;

/**
 * The main journey on the sample, a picture of each step: a finding in code, the layers, where equivariance is lost, a map enlarged, the
 * network, what the fixes give, and how the sample stands afterwards.
 *
 * @param {Workbench} workbench
 * @param {string} folder of the pictures
 */
export async function takeJourney(workbench, folder) {
  workbench.page.setDefaultTimeout(patienceMs);
  const { page } = workbench;
  /** @param {string} name */
  const picture = async (name) => {
    await page.waitForTimeout(paintedMs);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  await workbench.openFile('model-code/shapes.py');
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'nn.MaxPool2d' }).first();
  await problem.waitFor();
  await problem.dblclick();
  await page
    .locator('.editor-instance .view-line', { hasText: /nn\.MaxPool2d/ })
    .first()
    .getByText('MaxPool2d')
    .hover();
  await page.locator('.monaco-hover', { hasText: 'strided-max-pool' }).first().waitFor();
  await picture('code');

  await workbench.command('View: Toggle Panel Visibility');
  await workbench.openFile('shapes.onnx');
  const editor = await workbench.modelEditor();
  await editor.getByText('strided-max-pool').first().waitFor();
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await picture('layers');
  await measure(editor);
  await picture('equivariance');
  await editor
    .locator('shiftlint-heatmap-card')
    .first()
    .evaluate((card) => card.scrollIntoView({ block: 'center' }));
  await picture('maps');
  await enlarge(editor);
  await picture('enlarged');
  await page.keyboard.press('Escape');
  await tab(editor, 'Graph').click();
  await editor.locator('shiftlint-network-drawing .node.coloured').first().waitFor();
  await picture('graph');
  await compareRecovered(editor, workbench);
  await picture('compare');
  await editor.locator('shiftlint-compare-view tr', { hasText: 'Same class as the original' }).scrollIntoViewIfNeeded();
  await picture('compare-table');
  await tab(editor, 'Consistency').click();
  await picture('consistency');
}

/** @type {(editor: Frame, name: string) => import('playwright-core').Locator} */
function tab(editor, name) {
  return editor.locator('vscode-tab-header', { hasText: name });
}

/** A map of what matters, with a shift pinned in it. @param {Frame} editor */
async function enlarge(editor) {
  await editor.locator('shiftlint-heatmap-card canvas').first().click();
  await editor.getByRole('dialog').waitFor();
  await editor
    .getByRole('dialog')
    .locator('shiftlint-heatmap-canvas canvas')
    .click({ position: { x: 60, y: 90 } });
  await editor.locator('shiftlint-feature-maps canvas').first().waitFor();
}

/** The sample against its fixed copies, with and without recovery. @type {(editor: Frame, workbench: Workbench) => Promise<void>} */
async function compareRecovered(editor, workbench) {
  await tab(editor, 'Compare').click();
  const view = editor.locator('shiftlint-compare-view');
  await view.locator('vscode-button', { hasText: 'Choose folder' }).click();
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'images' }).first().waitFor();
  await workbench.page.locator('.quick-input-widget input').fill(`${workbench.folder}/images/`);
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: '4-ring' }).waitFor();
  await workbench.page.locator('.quick-input-widget .monaco-button', { hasText: 'Use Folder' }).click();
  await view.locator('.file-name', { hasText: 'images' }).waitFor();
  await view.locator('vscode-checkbox', { hasText: 'Also recovered' }).click();
  await view.locator('vscode-checkbox', { hasText: 'Bin-7' }).click();
  await view.locator('vscode-button', { hasText: 'Compare' }).click();
  await view.locator('table', { hasText: 'Whole model' }).waitFor({ timeout: 300_000 });
}
