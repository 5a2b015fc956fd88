import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lookAtChinese } from './chinese.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/** A model in rows, as YOLO projects describe theirs. */
const description = `nc: 4

backbone:
  - [-1, 1, Conv, [64, 6, 2, 2]]
  - [-1, 3, C3, [128]]
`;

const blocks = `import torch.nn as nn


def conv(channels, stride=1):
    return nn.Conv2d(channels, channels, 3, stride=stride, padding=1)
`;

const net = `from blocks import conv

layer = conv(64, 2)
`;

/**
 * What a user does with the model code of a whole workspace.
 * @type {readonly import('./scenarios.mjs').Scenario[]}
 */
export const modelCodeScenarios = [
  {
    name: 'a model description in a workspace without anything else wakes the extension',
    options: { files: { 'small.yaml': description, 'compose.yaml': 'services:\n  web:\n    ports: [80]\n' } },
    play: wakeByDescription,
  },
  { name: 'lint all model code, look at the status, list the findings; the same in Chinese', play: lintAll },
];

/** @type {(workbench: Workbench) => Promise<void>} */
async function wakeByDescription(workbench) {
  await workbench.openFile('compose.yaml');
  await workbench.openFile('small.yaml');
  await workbench.command('Problems: Focus on Problems View');
  await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'Conv (6x6, stride 2)' }).waitFor();
  await workbench.screenshot('description');
}

/** @type {(workbench: Workbench) => Promise<void>} */
async function lintAll(workbench) {
  const { page, folder } = workbench;
  await mkdir(path.join(folder, 'nets'), { recursive: true });
  for (const [name, text] of Object.entries({ 'small.yaml': description, 'nets/blocks.py': blocks, 'nets/net.py': net })) {
    await writeFile(path.join(folder, name), text);
  }
  // The palette has the extension's commands some time after the window is there.
  await workbench.openFile('model-code/shapes.py');
  await workbench.command('Problems: Focus on Problems View');
  const problem = (/** @type {string} */ text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
  await problem('nn.Conv2d (3x3, stride 2)').waitFor();
  await workbench.command('Shiftlint: Lint All Model Code in the Workspace');
  await problem('nn.Conv2d of blocks.py (3x3, stride 2)').waitFor();
  await workbench.screenshot('lint-all');

  const status = page.locator('.statusbar-item[id="status.languageStatus"]');
  await status.waitFor();
  await status.hover();
  await page.locator('.hover-language-status', { hasText: '3 can be fixed here' }).first().waitFor();
  await workbench.screenshot('code-status');
  await page.keyboard.press('Escape');

  await workbench.command('Shiftlint: Go to a Finding in This File');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'nn.MaxPool2d' }).first().waitFor();
  await workbench.screenshot('findings');
  await page.keyboard.press('Escape');

  await workbench.speak('zh-cn');
  await lookAtChinese(workbench);
}
