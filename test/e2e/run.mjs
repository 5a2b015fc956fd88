import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarios } from './scenarios.mjs';
import { Workbench } from './workbench.mjs';

/** Runs the scenarios one after the other, each in a fresh VS Code, and writes their counts to out/test-results/e2e.json. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const wanted = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const { name, options, play } of scenarios.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
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
await mkdir(path.join(root, 'out/test-results'), { recursive: true });
await writeFile(path.join(root, 'out/test-results/e2e.json'), JSON.stringify({ passed, failed }));
console.log(`e2e: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
