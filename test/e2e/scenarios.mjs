import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkAccessibility, checkReflow } from './accessibility.mjs';
import { keyboardScenarios } from './keyboard.mjs';
import { meanOfLastMap, measure } from './measuring.mjs';
import { modelCodeScenarios } from './model-code.mjs';
import { recoveryScenarios } from './recovery.mjs';
import { universalScenarios } from './universal.mjs';
import { themes } from './workbench.mjs';

/**
 * @typedef {import('./workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame the page of the model editor
 * @typedef {{ theme?: string, files?: Record<string, string>, target?: string }} Options
 * @typedef {{ name: string, options?: Options, play: (workbench: Workbench) => Promise<void> }} Scenario
 */

/**
 * What a user does from the first look to the saved fix, by mouse and keyboard, in the packaged extension.
 * @type {readonly Scenario[]}
 */
export const scenarios = [
  { name: 'open a tfjs model, see it flagged, fix it by the lightbulb, undo', play: fixModelJson },
  { name: 'open an ONNX model, measure it, fix it, save it, measure again', play: fixOnnx },
  { name: 'classify a folder of images, compare with fixed copies, rank the fixes', play: study },
  { name: 'open model code, see it flagged, fix it by the lightbulb, undo', play: fixCode },
  { name: 'model code in the dark theme', options: { theme: themes.dark }, play: (workbench) => lookAtCode(workbench, 'dark') },
  { name: 'model code in high contrast', options: { theme: themes.contrast }, play: (workbench) => lookAtCode(workbench, 'contrast') },
  { name: 'the pages in the dark theme and in high contrast', play: lookAround },
  ...keyboardScenarios,
  ...modelCodeScenarios,
  ...recoveryScenarios,
  ...universalScenarios,
];

/** @type {(workbench: Workbench) => Promise<void>} */
async function fixModelJson(workbench) {
  const { page } = workbench;
  await workbench.openFile('shapes-tfjs/model.json');
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'MaxPooling2D "pool1"' });
  await problem.waitFor();
  // Rows move while the other model's findings arrive.
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'MaxPool "pool3"' }).waitFor();
  await workbench.screenshot('problems');
  await problem.dblclick();
  await page.locator('.editor-instance .view-line', { hasText: /"name":\s"pool1"/ }).click();
  await page.keyboard.press('Control+.');
  const action = page.locator('.action-widget .monaco-list-row', { hasText: 'Insert BlurPool (Tri-3)' }).first();
  await action.waitFor();
  await workbench.screenshot('quick-fix');
  // The list ignores the mouse until it has moved over it; the keyboard is how it is meant to be used.
  await page.keyboard.press('Enter');
  await problem.waitFor({ state: 'hidden' });
  await page.locator('.explorer-folders-view', { hasText: 'shiftlint-blur-1.bin' }).waitFor();
  await page.locator('.tab.active.dirty').waitFor();
  await workbench.screenshot('fixed-json');
  const file = path.join(workbench.folder, 'shapes-tfjs/model.json');
  assert.doesNotMatch(await readFile(file, 'utf8'), /pool1_blur/, 'nothing is saved by itself');

  await page.locator('.editor-instance .view-lines').click();
  await page.keyboard.press('Control+Z');
  await problem.waitFor();
  await workbench.command('File: Revert File');
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function fixCode(workbench) {
  const { page } = workbench;
  await openCode(workbench);
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'nn.MaxPool2d (2x2, stride 2)' }).first();
  await problem.waitFor();
  await workbench.screenshot('code');
  await line(page, 'self.pool1 = nn.MaxPool2d(2)').click();
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Replace by MaxBlurPool2d (Tri-3)' }).first().waitFor();
  await workbench.screenshot('code-quick-fix');
  await page.keyboard.press('Enter');
  await line(page, 'self.pool1 = MaxBlurPool2d(2)').waitFor();
  // Its import stands among the others, which are out of sight.
  await page.keyboard.press('Control+Home');
  await line(page, 'from blurpool_torch import MaxBlurPool2d').waitFor();
  await page.locator('.explorer-folders-view', { hasText: 'blurpool_torch.py' }).waitFor();
  await page.locator('.tab.active.dirty').waitFor();
  await workbench.screenshot('code-fixed');
  const file = path.join(workbench.folder, 'model-code/shapes.py');
  assert.doesNotMatch(await readFile(file, 'utf8'), /blurpool/, 'nothing is saved by itself');
  assert.match(await readFile(path.join(path.dirname(file), 'blurpool_torch.py'), 'utf8'), /^# Shiftlint BlurPool module for PyTorch/);

  await page.locator('.editor-instance .view-lines').click();
  await page.keyboard.press('Control+Z');
  await line(page, 'self.pool1 = nn.MaxPool2d(2)').waitFor();
  await workbench.command('File: Revert File');

  await workbench.command('Shiftlint: Insert BlurPool Everywhere in This File');
  await line(page, 'return BlurConv2d(inputs, outputs, 3, stride=stride, padding=1)').waitFor();
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'nn.MaxPool2d (2x2, stride 2)' }).first().waitFor({ state: 'hidden' });
  await workbench.screenshot('code-all-fixed');
  await workbench.command('File: Revert File');
}

/** @type {(workbench: Workbench, theme: string) => Promise<void>} */
async function lookAtCode(workbench, theme) {
  await openCode(workbench);
  await line(workbench.page, 'self.pool1 = nn.MaxPool2d(2)').getByText('MaxPool2d').hover();
  await workbench.page.locator('.monaco-hover', { hasText: 'strided-max-pool' }).first().waitFor();
  await workbench.screenshot(`code-${theme}`);
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function openCode(workbench) {
  await workbench.openFile('model-code/shapes.py');
  await workbench.command('Problems: Focus on Problems View');
  await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'nn.Conv2d (3x3, stride 2)' }).first().waitFor();
}

/**
 * A line of the editor by its text; the editor writes spaces that do not break.
 * @type {(page: import('playwright-core').Page, text: string) => import('playwright-core').Locator}
 */
function line(page, text) {
  const words = text.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return page.locator('.editor-instance .view-line', { hasText: new RegExp(words.join('\\s')) });
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function fixOnnx(workbench) {
  const { page } = workbench;
  await workbench.openFile('shapes.onnx');
  const editor = await workbench.modelEditor();
  await editor.locator('vscode-tab-header', { hasText: 'Layers' }).waitFor();
  await editor.getByText('strided-max-pool').first().waitFor();
  /** @type {(name: string) => Promise<void>} */
  const look = async (name) => {
    await workbench.screenshot(name);
    await checkAccessibility(workbench, name);
  };
  await look('layers');
  await walkLayers(editor, workbench);

  // The link of a problem leads to the row of its layer, in an editor that is open already.
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'MaxPool "pool3"' });
  await problem.locator('a', { hasText: 'strided-max-pool' }).click();
  // The walk through the table ended at the same row: only the focus, which Problems had, tells that it was led to.
  const row = editor.locator('shiftlint-layers-view tr.goal:focus', { hasText: 'pool3' });
  await row.waitFor();
  assert.ok(await row.evaluate((element) => element.getBoundingClientRect().top > 0), 'the row is in sight');
  await workbench.screenshot('go-to-layer');
  await workbench.command('View: Toggle Panel Visibility');

  await measure(editor);
  await look('equivariance');
  await enlarge(editor, workbench, look);
  const before = await meanOfLastMap(editor);
  await walkGraph(editor, workbench);

  await editor.locator('vscode-tab-header', { hasText: 'Layers' }).click();
  await editor.locator('vscode-button', { hasText: /Fix all/ }).click();
  await editor.getByText('strided-max-pool').first().waitFor({ state: 'hidden' });
  await editor.locator('shiftlint-layers-table th', { hasText: 'Mean equivariance before the change' }).waitFor();
  const tab = page.locator('.tab.active[data-resource-name="shapes.onnx"]');
  await page.locator('.tab.active.dirty').waitFor();
  const file = path.join(workbench.folder, 'shapes.onnx');
  const untouched = await readFile(file);
  // A row that is scrolled half below the head of its table is a target that is too small there.
  await editor.evaluate('scrollTo(0, 0)');
  await look('fixed-onnx');
  await tab.click();
  await page.keyboard.press('Control+S');
  await page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  assert.ok((await readFile(file)).length > untouched.length, 'the saved file has the blurs');

  await measure(editor);
  await look('equivariance-fixed');
  const after = await meanOfLastMap(editor);
  assert.ok(after > before, `the last map's mean rises: ${before} to ${after}`);

  await page.locator('.activitybar .action-label[aria-label="Shiftlint"]').click();
  await page.locator('.pane-body .monaco-list-row', { hasText: 'shapes.onnx' }).waitFor();
  await workbench.screenshot('tree');
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function lookAround(workbench) {
  /** @type {(name: string) => Promise<void>} */
  const look = async (name) => {
    for (const theme of /** @type {const} */ (['dark', 'contrast'])) {
      await workbench.wear(theme);
      await checkAccessibility(workbench, `${name} in ${theme}`);
      await workbench.screenshot(`${name}-${theme}`);
    }
  };
  /** @type {(name: string) => Promise<void>} */
  const lookAllOver = async (name) => {
    await look(name);
    await checkReflow(workbench, name);
  };
  await writeFile(path.join(workbench.folder, 'broken.onnx'), 'no model');
  await workbench.openFile('shapes.onnx');
  await workbench.page.keyboard.press('Control+B');
  const editor = await workbench.modelEditor();
  await editor.getByText('strided-max-pool').first().waitFor();
  await lookAllOver('layers');
  await measure(editor);
  await lookAllOver('equivariance');
  await enlarge(editor, workbench, look);
  await editor.locator('vscode-tab-header', { hasText: 'Graph' }).click();
  await editor.locator('shiftlint-network-drawing .node.coloured').first().waitFor();
  await lookAllOver('graph');
  await classify(editor, workbench, 'model-code');
  await editor.locator('shiftlint-consistency-view [role=alert]').waitFor();
  await lookAllOver('consistency-failed');
  await studyFolder(editor, workbench);
  await lookAllOver('consistency');
  await compare(editor);
  await rank(editor);
  await lookAllOver('compare');

  await editor.locator('vscode-tab-header', { hasText: 'Layers' }).click();
  await editor.locator('shiftlint-finding-detail button', { hasText: 'Explain on a signal' }).first().click();
  await (await workbench.explainPage()).locator('.verdict').first().waitFor();
  await lookAllOver('explain');
  await workbench.openFile('broken.onnx');
  await (await workbench.modelEditor()).locator('.error').waitFor();
  await lookAllOver('error');
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function study(workbench) {
  await workbench.openFile('shapes.onnx');
  const editor = await workbench.modelEditor();
  await editor.locator('vscode-tab-header', { hasText: 'Consistency' }).waitFor();
  await studyFolder(editor, workbench);
  await workbench.screenshot('consistency');
  await compare(editor);
  await workbench.screenshot('compare');
  await rank(editor);
  await workbench.page.waitForTimeout(300);
  await workbench.screenshot('advice');
  await checkAccessibility(workbench, 'compare');

  await editor.locator('vscode-tab-header', { hasText: 'Equivariance' }).click();
  await choose(editor, 'Protocol', 'As deployed');
  await editor.locator('vscode-button', { hasText: 'Measure' }).click();
  await editor
    .locator('p.status', { hasText: /layers in/ })
    .first()
    .waitFor();
  await workbench.screenshot('deployed');

  // What was measured is there again when the editor is.
  await workbench.command('View: Close All Editors');
  await workbench.openFile('shapes.onnx');
  const again = await workbench.modelEditor();
  await again.locator('vscode-tab-header', { hasText: 'Equivariance' }).click();
  await again.locator('shiftlint-equivariance-view p.status', { hasText: 'kept from an earlier run' }).waitFor();
}

/**
 * Chooses a folder of sample images in VS Code's own dialog and classifies it.
 * @type {(editor: Frame, workbench: Workbench) => Promise<void>}
 */
async function studyFolder(editor, workbench) {
  await classify(editor, workbench, 'images/4-ring');
  await editor.locator('shiftlint-consistency-view table').waitFor();
}

/**
 * @param {Frame} editor
 * @param {Workbench} workbench
 * @param {string} folder of the workspace, without folders inside
 */
async function classify(editor, workbench, folder) {
  await editor.locator('vscode-tab-header', { hasText: 'Consistency' }).click();
  await editor.locator('shiftlint-consistency-view vscode-button', { hasText: 'Choose folder' }).click();
  await workbench.chooseFolder(`${workbench.folder}/${folder}/`, 'Use Folder');
  await editor.locator('shiftlint-consistency-view .file-name', { hasText: path.basename(folder) }).waitFor();
  await editor.locator('vscode-button', { hasText: 'Classify' }).click();
}

/**
 * The drawn network has the colours of what was measured; a node that a search leads to is the row of the Layers tab, and a row there
 * the node here. Keys walk along edges, and lead to the details and back.
 * @type {(editor: Frame, workbench: Workbench) => Promise<void>}
 */
async function walkGraph(editor, workbench) {
  const graph = editor.locator('vscode-tab-header', { hasText: 'Graph' });
  await graph.click();
  const node = (/** @type {string} */ state, /** @type {string} */ name) =>
    editor.locator(`shiftlint-network-drawing .node${state}[aria-label^="${name},"]`);
  await node('.coloured', 'pool3').waitFor();
  await editor.locator('shiftlint-graph-view vscode-textfield input').fill('pool3');
  await workbench.page.keyboard.press('Enter');
  await node('.selected', 'pool3').waitFor();
  await node('.selected', 'pool3').focus();
  await workbench.page.keyboard.press('ArrowUp');
  await node('.selected:focus', 'relu3_2').waitFor();
  await workbench.page.keyboard.press('ArrowDown');
  await node('.selected:focus', 'pool3').waitFor();
  await workbench.page.keyboard.press('Enter');
  const details = editor.locator('shiftlint-node-details');
  await details.locator(':focus').first().waitFor();
  await workbench.screenshot('graph');
  await checkAccessibility(workbench, 'graph');
  await workbench.page.keyboard.press('Escape');
  await node(':focus', 'pool3').waitFor();

  await details.locator('vscode-button', { hasText: 'Show row' }).click();
  await editor.locator('shiftlint-layers-view tr.goal[aria-current="true"]', { hasText: 'pool3' }).waitFor();
  await editor.locator('shiftlint-layers-view tr.layer', { hasText: 'relu3_1' }).locator('td').nth(1).click();
  await editor.locator('shiftlint-layers-view tr[aria-current="true"]', { hasText: 'relu3_1' }).waitFor();
  await graph.click();
  await node('.selected', 'relu3_1').waitFor();
}

/** @type {(editor: Frame) => Promise<void>} */
async function compare(editor) {
  await editor.locator('vscode-tab-header', { hasText: 'Compare' }).click();
  await editor.locator('shiftlint-compare-view vscode-button', { hasText: 'Compare' }).click();
  await editor.locator('shiftlint-compare-view table', { hasText: 'Whole model' }).waitFor();
}

/** @type {(editor: Frame) => Promise<void>} */
async function rank(editor) {
  await editor.locator('vscode-button', { hasText: 'Rank fixes' }).click();
  const advice = editor.locator('shiftlint-compare-view table', { hasText: 'by what it gains' });
  await advice.scrollIntoViewIfNeeded();
}

/**
 * Takes an entry of a select on the page.
 * @type {(editor: Frame, label: string, entry: string) => Promise<void>}
 */
async function choose(editor, label, entry) {
  const select = editor.locator('.field', { hasText: label }).locator('vscode-single-select').first();
  await select.click();
  await editor.locator('.options li', { hasText: entry }).first().click();
}

/**
 * A click on a map enlarges it, a click there shows the image and the feature maps at that shift, Escape closes it again and leads back.
 * @param {Frame} editor
 * @param {Workbench} workbench
 * @param {(name: string) => Promise<void>} look at a state of the page
 */
async function enlarge(editor, workbench, look) {
  await editor.locator('shiftlint-equivariance-view button', { hasText: 'Show all' }).click();
  await editor.locator('shiftlint-heatmap-strip').first().waitFor();
  await editor.locator('shiftlint-heatmap-card').nth(6).scrollIntoViewIfNeeded();
  // Maps are painted once they are near the screen.
  await workbench.page.waitForTimeout(500);
  await look('heatmaps');
  const map = editor.locator('shiftlint-heatmap-card').nth(4).locator('canvas');
  await map.click();
  await editor.getByRole('dialog').waitFor();
  await workbench.screenshot('enlarged');
  await editor
    .getByRole('dialog')
    .locator('shiftlint-heatmap-canvas canvas')
    .click({ position: { x: 30, y: 50 } });
  await editor.locator('shiftlint-feature-maps canvas').first().waitFor();
  const shift = /dy \d+, dx \d+/;
  await editor.locator('shiftlint-at-shift figcaption', { hasText: shift }).getByText(sampleClass).waitFor();
  await editor.locator('shiftlint-cut').getByText('diagonal').click();
  await editor.locator('shiftlint-cut svg').first().hover();
  await editor.locator('shiftlint-cut output', { hasText: shift }).waitFor();
  await editor.locator('shiftlint-feature-channels canvas').first().hover();
  await editor.locator('shiftlint-feature-channels output', { hasText: 'Channel 0, y' }).waitFor();
  await look('feature-maps');
  const title = editor.getByRole('dialog').locator('h2');
  const before = await title.innerText();
  await editor.getByRole('dialog').locator('vscode-button', { hasText: 'Next layer' }).click();
  await title.filter({ hasNotText: before }).waitFor();
  await editor.locator('shiftlint-feature-maps canvas').first().waitFor();
  // Tab goes round inside, whatever the number of stops.
  for (let stop = 0; stop < 20; stop++) await workbench.page.keyboard.press('Tab');
  assert.ok(await title.evaluate((element) => element.closest('dialog')?.matches(':focus-within')), 'the focus is in the dialog');
  await workbench.page.keyboard.press('Escape');
  await editor.getByRole('dialog').waitFor({ state: 'hidden' });
  await editor.locator('shiftlint-heatmap-card').nth(4).locator('.map:focus').waitFor();
}

/**
 * Through the table of layers by keyboard: into the search and out of it, from finding to finding, round the ends; and in another order.
 * @type {(editor: Frame, workbench: Workbench) => Promise<void>}
 */
async function walkLayers(editor, { page }) {
  const view = editor.locator('shiftlint-layers-view');
  await view.locator('vscode-textfield').click();
  await page.keyboard.press('Escape');
  const going = view.locator('tr.goal:focus');
  const findings = await view.locator('tr:has(+ tr shiftlint-finding-detail) td.name').allInnerTexts();
  for (const [key, expected] of /** @type {const} */ ([
    ['j', findings[0]],
    ['j', findings[1]],
    ['k', findings[0]],
    ['k', findings.at(-1)],
  ])) {
    await page.keyboard.press(key);
    await going.filter({ hasText: expected ?? '' }).waitFor();
  }
  await page.keyboard.press('Control+F');
  await page.keyboard.type('pool');
  await view.locator('.count', { hasText: / of / }).waitFor();
  await page.keyboard.press('Control+F');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');

  const head = view.locator('th', { hasText: 'Output shape' });
  const first = view.locator('tr.layer td.name').first();
  const before = await first.innerText();
  await head.locator('button').press('Enter');
  await head.and(editor.locator('[aria-sort=descending]')).waitFor();
  await head.locator('button').press('Enter');
  await head.and(editor.locator('[aria-sort=ascending]')).waitFor();
  assert.notEqual(await first.innerText(), before, 'the smallest map comes first');
  await head.locator('button').press('Enter');
  await head.and(editor.locator('[aria-sort=none]')).waitFor();
  assert.equal(await first.innerText(), before, 'the order of the network is back');
}

/** What the sample takes its image for, by a name of its labels.txt. */
const sampleClass = /^(circle|square|triangle|cross|ring|star)$/;
