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

/**
 * The same in every theme, the one that the window wears last.
 * @param {Workbench} workbench
 * @param {string} state
 */
export async function checkInThemes(workbench, state) {
  for (const theme of /** @type {const} */ (['dark', 'contrast', 'light'])) {
    await workbench.wear(theme);
    await checkAccessibility(workbench, `${state}, ${theme}`);
  }
}

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
