import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Everything that must hold: types, lint, build, unit tests, a real VS Code, the packaged extension used by mouse and
 * keyboard. Ends with the plain line `N passed, N failed`. A stage that breaks, or runs no test, counts as a failed one.
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const results = path.join(root, 'out/test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path.join(results, 'unit.json')}`,
];

/** Stages without `counts` are one check each. */
const stages = [
  { name: 'types', words: ['node_modules/typescript/bin/tsc', '--build'] },
  { name: 'lint', words: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'] },
  { name: 'build', words: ['esbuild.mjs', '--tests'] },
  { name: 'unit', words: vitest, counts: unitCounts },
  { name: 'host', words: ['test/host/run.mjs'], counts: () => fileCounts('host.json') },
  { name: 'start', words: ['scripts/start.mjs', '--check'] },
  { name: 'package', words: ['scripts/package.mjs'] },
  { name: 'e2e', words: ['test/e2e/run.mjs'], counts: () => fileCounts('e2e.json') },
];

function unitCounts() {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = read('unit.json');
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
}

function fileCounts(name) {
  return existsSync(path.join(results, name)) ? read(name) : { passed: 0, failed: 0 };
}

function read(name) {
  return JSON.parse(readFileSync(path.join(results, name), 'utf8'));
}

function run({ name, words, counts }) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const counted = counts?.() ?? { passed: status === 0 ? 1 : 0, failed: 0 };
  const broken = (status !== 0 && counted.failed === 0) || (counted.passed === 0 && counted.failed === 0);
  return { name, passed: counted.passed, failed: counted.failed + (broken ? 1 : 0) };
}

const outcomes = stages.map(run);
console.log('');
for (const { name, passed, failed } of outcomes) console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed`);
const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
