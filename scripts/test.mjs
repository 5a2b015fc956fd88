import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './root.mjs';

/**
 * Everything that must hold: types, format, lint, no import cycles, build, unit tests, a real VS Code, the packages, what they hold, the
 * packaged extension used by mouse and keyboard. Ends with the plain line `N passed, N failed`. A stage that breaks, or runs no test,
 * counts as a failed one; a stage that cannot run on this platform says so and counts as neither.
 *
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} words what Node runs
 * @property {() => Counts} [counts] where the stage is more than one check
 * @property {boolean} [needsServer] that it opens the browser-served VS Code
 */
const results = path.join(root, 'out/test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @param {string} file of its results */
const vitest = (file) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path.join(results, file)}`,
];

/** As `npm run cycles` has it. */
const cruised = ['--config', '.dependency-cruiser.mjs', 'src', 'webview', 'templates', 'scripts', 'test', 'bench', 'samples', 'study'];

/**
 * Each has work for one core, and what one lane writes the other never reads: linting takes as long as all others together.
 *
 * @type {readonly (readonly Stage[])[]}
 */
const lanes = [
  [{ name: 'lint', words: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'] }],
  [
    { name: 'types', words: ['node_modules/typescript/bin/tsc', '--build'] },
    { name: 'format', words: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
    { name: 'cycles', words: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...cruised] },
    { name: 'build', words: ['esbuild.mjs', '--tests'] },
  ],
];

/**
 * They take all cores, and run what was built.
 *
 * @type {readonly Stage[]}
 */
const stages = [
  { name: 'unit', words: vitest('unit.json'), counts: () => vitestCounts('unit.json') },
  { name: 'host', words: ['test/host/run.mjs'], counts: () => fileCounts('host.json'), needsServer: true },
  { name: 'start', words: ['scripts/start.mjs', '--check'], needsServer: true },
  { name: 'package', words: ['scripts/package.mjs', 'own', 'universal', 'npm'] },
  {
    name: 'packages',
    words: [...vitest('packages.json'), '--config', 'test/packages/vitest.config.mjs'],
    counts: () => vitestCounts('packages.json'),
  },
  { name: 'e2e', words: ['test/e2e/run.mjs'], counts: () => fileCounts('e2e.json'), needsServer: true },
];

/** The server's native parts are built from Debian's packages, and its sandbox is Linux'. */
const noServer =
  process.platform === 'linux'
    ? undefined
    : 'the browser-served VS Code of the tests runs on Linux only; "npm run test:electron" runs the host suite in a desktop one';

/** @type {(name: string) => Counts} */
function vitestCounts(name) {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = read(name);
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
}

/** @type {(name: string) => Counts} */
function fileCounts(name) {
  return existsSync(path.join(results, name)) ? read(name) : { passed: 0, failed: 0 };
}

/** @param {string} name */
function read(name) {
  return JSON.parse(readFileSync(path.join(results, name), 'utf8'));
}

/** @typedef {Counts & { name: string, skipped?: string }} Outcome */

/**
 * @param {Stage} stage
 * @param {'inherit' | 'pipe'} output `pipe` keeps what it says together where others run beside it
 * @returns {Promise<Outcome>}
 */
async function run({ name, words, counts, needsServer }, output) {
  if (needsServer && noServer !== undefined) return { name, passed: 0, failed: 0, skipped: noServer };
  if (output === 'inherit') console.log(`\n== ${name}`);
  const stage = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', output, output] });
  const said = Promise.all([stage.stdout, stage.stderr].map((stream) => (stream === null ? '' : text(stream))));
  const status = await new Promise((resolve) => stage.once('close', resolve));
  if (output === 'pipe') console.log(`\n== ${name}\n${(await said).join('')}`.trimEnd());
  const counted = counts?.() ?? { passed: status === 0 ? 1 : 0, failed: 0 };
  const broken = (status !== 0 && counted.failed === 0) || (counted.passed === 0 && counted.failed === 0);
  return { name, passed: counted.passed, failed: counted.failed + (broken ? 1 : 0) };
}

/**
 * One after another.
 *
 * @param {readonly Stage[]} lane
 * @param {'inherit' | 'pipe'} output
 */
async function runAll(lane, output) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const stage of lane) outcomes.push(await run(stage, output));
  return outcomes;
}

const checked = await Promise.all(lanes.map((lane) => runAll(lane, 'pipe')));
const outcomes = [...checked.flat(), ...(await runAll(stages, 'inherit'))];
console.log('');
for (const { name, passed, failed, skipped } of outcomes)
  console.log(`${name.padEnd(8)} ${skipped === undefined ? `${passed} passed, ${failed} failed` : `not run: ${skipped}`}`);
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
