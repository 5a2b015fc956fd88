import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { VisualStudioCodeServer } from './server.mjs';

/**
 * Runs the suite of test/host/suite inside the extension host of a real VS Code, the way VS Code's own remote tests run:
 * a browser opens the workbench, which loads the extension from this checkout and then the suite.
 * The suite writes its counts to out/test-results/host.json. A word on the command line chooses the tests whose titles match it.
 */

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const results = path.join(root, 'out/test-results/host.json');
/** On a machine that is busy with other things, everything may take so many times longer. */
const patience = Number(process.env['SHIFTLINT_PATIENCE'] ?? 1);
const timeLimitMinutes = 8 * patience;
const timeLimitMs = timeLimitMinutes * 60_000;

await mkdir(path.dirname(results), { recursive: true });
await rm(results, { force: true });
const workspace = await mkdtemp(path.join(tmpdir(), 'shiftlint-workspace-'));
await cp(path.join(root, 'samples'), workspace, { recursive: true, filter: (file) => path.basename(file) !== 'train' });
const [only] = process.argv.slice(2);
const server = await VisualStudioCodeServer.start({
  env: { SHIFTLINT_HOST_RESULTS: results, SHIFTLINT_ROOT: root, ...(only !== undefined && { SHIFTLINT_HOST_ONLY: only }) },
});
const browser = await launchBrowser();
/**
 * The last that the workbench told: of interest only where the suite did not run to its end.
 * @type {string[]}
 */
let told = [];
try {
  const page = await browser.newPage();
  const ended = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The host tests took longer than ${timeLimitMinutes} minutes.`)), timeLimitMs).unref();
    void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
    void page.exposeFunction('codeAutomationLog', (/** @type {string} */ kind, /** @type {unknown[]} */ words) => {
      told = [...told, `${kind}: ${JSON.stringify(words).slice(0, 500)}`].slice(-30);
    });
  });
  const address = server.address({ folder: workspace, development: root, tests: path.join(root, 'out/test/host/index.js') });
  // The limit for the whole run bounds this too: on a busy machine the workbench may take longer than the browser's own half minute.
  await page.goto(address, { waitUntil: 'commit', timeout: timeLimitMs });
  const code = await ended;
  if (!existsSync(results)) throw new Error(`The suite did not run to its end (code ${code}). The workbench told:\n${told.join('\n')}`);
  const { passed, failed, report } = JSON.parse(await readFile(results, 'utf8'));
  console.log(report);
  console.log(`host: ${passed} passed, ${failed} failed`);
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1;
} finally {
  await browser.close();
  await server.stop();
  await rm(workspace, { recursive: true, force: true });
}
