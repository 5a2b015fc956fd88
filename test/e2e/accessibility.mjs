import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {import('./workbench.mjs').Workbench} Workbench
 * @typedef {import('playwright-core').Frame} Frame
 */

/** Success criteria of level A and AA of WCAG 2.0 to 2.2, as axe-core tells them apart; no rule of these is left out. */
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const checker = readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/**
 * Looks with axe-core at every page of ours that is in front, its shadow roots included, and fails with all that is found.
 * @param {Workbench} workbench
 * @param {string} state what the pages show, for the message
 */
export async function checkAccessibility(workbench, state) {
  const pages = await workbench.ownPages();
  assert.ok(pages.length > 0, `${state}: a page of ours is in front`);
  for (const page of pages) assert.deepEqual(await violationsOf(page), [], state);
}

/** So narrow that a page has the 320 CSS pixels of criterion 1.4.10, beside VS Code's own bar. */
const narrow = { width: 368, height: 640 };

/**
 * Fails with what does not fit on the pages in front once they are as narrow as a window of 1280 pixels at a zoom of 400 %: nothing but
 * tables and what has a scroll bar of its own may be wider.
 * @param {Workbench} workbench without a side bar
 * @param {string} state
 */
export async function checkReflow(workbench, state) {
  const before = workbench.page.viewportSize() ?? narrow;
  await workbench.page.setViewportSize(narrow);
  for (const page of await workbench.ownPages()) {
    await page.waitForFunction('innerWidth <= 320');
    assert.deepEqual(await page.evaluate(beyondTheEdge), [], `${state} in 320 pixels`);
  }
  await workbench.screenshot(`${state}-narrow`);
  await workbench.page.setViewportSize(before);
}

/** For the page: the elements that reach over its right edge. */
const beyondTheEdge = `(() => {
  const over = [];
  const around = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
  const mayBeWide = (element) => {
    for (let at = element; at; at = around(at)) if (at.matches('table') || (at !== element && getComputedStyle(at).overflowX !== 'visible')) return true;
    return false;
  };
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.checkVisibility() && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !mayBeWide(element))
        over.push(element.localName + ' ' + element.className + ' of ' + element.getRootNode().host?.localName);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document.body);
  return over;
})()`;

/**
 * What axe-core finds on a page: each with its rule, the way to the element through the shadow roots, and what is wrong.
 * @type {(frame: Frame) => Promise<string[]>}
 */
async function violationsOf(frame) {
  if (!(await frame.evaluate('"axe" in window'))) await frame.evaluate(await checker);
  const options = JSON.stringify({ runOnly: levels, resultTypes: ['violations'] });
  /** @type {import('axe-core').AxeResults} */
  const { violations, passes } = await frame.evaluate(`axe.run(document, ${options})`);
  assert.ok(passes.length > 0, 'axe-core has looked at something');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.flat().join(' >>> ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
