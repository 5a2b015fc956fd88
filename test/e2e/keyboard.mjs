import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkAccessibility } from './accessibility.mjs';

/**
 * @typedef {import('./workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame the page of the model editor
 * @typedef {import('playwright-core').Locator} Locator
 */

/**
 * What a user does who has no mouse.
 * @type {readonly import('./scenarios.mjs').Scenario[]}
 */
export const keyboardScenarios = [
  { name: 'by keyboard alone: walk, fix, undo, save, measure, enlarge, compare, apply, export', play: journey },
];

/** @type {(workbench: Workbench) => Promise<void>} */
async function journey(workbench) {
  const { page } = workbench;
  const { keyboard } = page;
  await openByKeys(workbench, 'shapes.onnx');
  const editor = await workbench.modelEditor();
  const hand = new Hand(workbench, editor);
  const rules = editor.getByText('strided-max-pool');
  await rules.first().waitFor();
  const layers = editor.locator('shiftlint-layers-view');
  const findings = await layers.locator('tr:has(+ tr shiftlint-finding-detail) td.name').allInnerTexts();

  await hand.tabTo(layers.locator('.table'));
  for (const [key, expected] of /** @type {const} */ ([
    ['j', findings[0]],
    ['j', findings[1]],
    ['k', findings[0]],
  ])) {
    await keyboard.press(key);
    await layers.locator('tr.goal:focus', { hasText: expected ?? '' }).waitFor();
  }
  const fixed = layers.locator('tr.layer:focus', { hasText: findings[0] ?? '' });
  const insert = layers.locator('vscode-button', { hasText: 'Insert BlurPool' }).first();
  const undo = editor.locator('shiftlint-last-fix vscode-button');
  const dirty = page.locator('.tab.active.dirty');

  await hand.press(insert);
  await dirty.waitFor();
  await fixed.waitFor();
  await hand.holds();
  await hand.press(undo, 'Shift+Tab');
  await undo.waitFor({ state: 'hidden' });
  await dirty.waitFor({ state: 'hidden' });
  await hand.holds();
  await layers
    .locator('shiftlint-finding-detail')
    .nth(findings.length - 1)
    .waitFor();

  await hand.press(insert);
  await dirty.waitFor();
  await fixed.waitFor();
  const file = path.join(workbench.folder, 'shapes.onnx');
  const untouched = await readFile(file);
  await keyboard.press('Control+S');
  await dirty.waitFor({ state: 'hidden' });
  assert.ok((await readFile(file)).length > untouched.length, 'the saved file has the blur');
  await hand.holds();

  await hand.toTab('Equivariance');
  const equivariance = editor.locator('shiftlint-equivariance-view');
  await hand.press(equivariance.locator('vscode-button', { hasText: 'Measure' }));
  await equivariance.locator('p.status', { hasText: /layers in/ }).waitFor();
  await hand.holds();
  const map = equivariance.locator('shiftlint-heatmap-card .map').first();
  await hand.press(map);
  const dialog = editor.getByRole('dialog');
  const shift = dialog.locator('output').first();
  const worst = await shift.innerText();
  await keyboard.press('ArrowRight');
  await shift.filter({ hasNotText: worst }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await dialog.locator('shiftlint-feature-maps canvas').first().waitFor();
  await hand.holds();
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(await has(map), 'the focus is back on the map');

  await hand.toTab('Compare');
  const compare = editor.locator('shiftlint-compare-view');
  await hand.press(compare.locator('vscode-button', { hasText: 'Compare' }));
  await compare.locator('table', { hasText: 'Whole model' }).waitFor();
  await hand.holds();
  await hand.press(compare.locator('vscode-button', { hasText: 'Export' }).first());
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'JSON' }).waitFor();
  await keyboard.press('Enter');
  await page.locator('.quick-input-widget input:focus').waitFor();
  await keyboard.press('Enter');
  const exported = path.join(workbench.folder, 'shapes-compare.json');
  await page.locator('.explorer-folders-view', { hasText: path.basename(exported) }).waitFor();
  assert.match(await readFile(exported, 'utf8'), /tri-3/);
  await hand.press(compare.locator('vscode-button', { hasText: 'Apply this filter' }).first());
  await undo.waitFor();
  await dirty.waitFor();
  await hand.holds();
  await rules.first().waitFor({ state: 'hidden' });
  await workbench.screenshot('keyboard');
  await checkAccessibility(workbench, 'a compared filter applied');
}

/** Keys on the page, with an eye on the focus: it is always seen, and never lost. */
class Hand {
  #keyboard;
  #editor;

  /**
   * @param {Workbench} workbench
   * @param {Frame} editor
   */
  constructor({ page }, editor) {
    this.#keyboard = page.keyboard;
    this.#editor = editor;
  }

  /** Fails where the focus is nowhere on the page or cannot be seen, also once the page has drawn what it was told last. */
  async holds() {
    let focus = '';
    for (let look = 0; look < 20 && !focus.startsWith('seen'); look++) {
      if (look > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      focus = await this.#editor.evaluate(focusSeen);
    }
    assert.ok(focus.startsWith('seen'), focus);
  }

  /**
   * Goes to an element by Tab, or by Shift+Tab.
   * @param {Locator} goal
   * @param {'Tab' | 'Shift+Tab'} [key]
   */
  async tabTo(goal, key = 'Tab') {
    for (let stops = 0; stops < mostStops; stops++) {
      await this.#keyboard.press(key);
      await this.holds();
      if (await has(goal)) return;
    }
    assert.fail(`${mostStops} presses of ${key} lead nowhere near ${goal}.`);
  }

  /**
   * Goes to a button and presses it.
   * @param {Locator} button
   * @param {'Tab' | 'Shift+Tab'} [key]
   */
  async press(button, key = 'Tab') {
    await this.tabTo(button, key);
    await this.#keyboard.press('Enter');
  }

  /**
   * Back to the tabs of the page, and to another one.
   * @param {string} label
   */
  async toTab(label) {
    const headers = this.#editor.locator('vscode-tab-header');
    await this.tabTo(headers.and(this.#editor.locator('[tabindex="0"]')), 'Shift+Tab');
    const goal = headers.filter({ hasText: label });
    for (let stops = 0; stops < 5 && !(await has(goal)); stops++) await this.#keyboard.press('ArrowRight');
    await this.holds();
    await this.#keyboard.press('Enter');
  }
}

/** More stops than lie between any two places of the journey. */
const mostStops = 60;

/** @type {(element: Locator) => Promise<boolean>} */
function has(element) {
  return element.evaluate((one) => one.matches(':focus-within'));
}

/**
 * Opens a file by its name, with keys alone.
 * @type {(workbench: Workbench, name: string) => Promise<void>}
 */
async function openByKeys({ page }, name) {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input:focus').waitFor();
  await page.keyboard.type(name);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** For the page: `seen of ELEMENT`, or what is wrong with the focus. Some elements draw it inside of themselves, or as a border. */
const focusSeen = `(() => {
  const way = [];
  for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement) way.push(at);
  const last = way.at(-1);
  if (!last || last === document.body) return 'lost';
  const host = last.getRootNode().host;
  const drawn = [...way, ...last.querySelectorAll('*'), ...(last.shadowRoot?.querySelectorAll('*') ?? []), ...(host?.localName.startsWith('vscode-') ? host.shadowRoot.querySelectorAll('*') : [])];
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--vscode-focusBorder');
  const probe = document.createElement('i');
  probe.style.color = colour;
  document.body.append(probe);
  const focusBorder = getComputedStyle(probe).color;
  probe.remove();
  const isDrawn = (element) => {
    const { outlineStyle, outlineWidth, borderTopColor, borderTopWidth, stroke, display } = getComputedStyle(element);
    const hasOutline = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    const hasBorder = parseFloat(borderTopWidth) > 0 && borderTopColor === focusBorder;
    return hasOutline || hasBorder || (element.matches('.ring') && display !== 'none' && stroke !== 'none');
  };
  const name = last.localName + ' ' + (last.getAttribute('aria-label') ?? last.textContent).replace(/\\s+/g, ' ').trim().slice(0, 60);
  return (drawn.some(isDrawn) ? 'seen of ' : 'not seen of ') + name;
})()`;
