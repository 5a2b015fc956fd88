import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarios } from './scenarios.mjs';
import { Workbench } from './workbench.mjs';

/**
 * Runs the scenarios, two at a time where there are cores for it, each in a fresh VS Code, and writes their counts to
 * out/test-results/e2e.json: most of a scenario is waiting for the workbench.
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const words = process.argv.slice(2);
const waiting = scenarios.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const atOnce = Math.min(2, availableParallelism());
let passed = 0;
let failed = 0;

/** @param {import('./scenarios.mjs').Scenario} scenario */
async function run({ name, options, play }) {
  const workbench = await Workbench.open(options);
  try {
    await play(workbench);
    passed += 1;
    console.log(`  ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAIL  ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    await workbench.screenshot(`failed-${name.replace(/\W+/g, '-')}`);
  } finally {
    await workbench.close();
  }
}

async function runWaiting() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
}

await Promise.all(Array.from({ length: atOnce }, runWaiting));
await mkdir(path.join(root, 'out/test-results'), { recursive: true });
await writeFile(path.join(root, 'out/test-results/e2e.json'), JSON.stringify({ passed, failed }));
console.log(`e2e: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
