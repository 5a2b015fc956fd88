import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFile, stageFolder } from '../../scripts/package/targets.mjs';
import { root } from './packages';

/** An empty folder with an empty cache of npm, and no network: the package needs nothing else. */
const home = mkdtempSync(path.join(tmpdir(), 'shiftlint-npm-'));
const folder = path.join(home, 'project');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Variables of the npm that runs the tests would be taken for settings. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name))),
  npm_config_cache: path.join(home, 'cache'),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  npm_config_userconfig: path.join(home, 'npmrc'),
};

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(command: string, ...words: readonly string[]): Outcome {
  return runIn(folder, command, ...words);
}

function runIn(cwd: string, command: string, ...words: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd,
    env: environment,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return { code: status, output: stdout, errors: stderr };
}

const shiftlint = (...words: readonly string[]): Outcome => run('npx', 'shiftlint', ...words);

beforeAll(() => {
  mkdirSync(folder);
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

it('finds a checkout whose settings npm knows', () => {
  expect(runIn(root, 'npm', 'pkg', 'get', 'name')).toEqual({ code: 0, output: '"shiftlint"\n', errors: '' });
});

it('is installed without a warning, and brings nothing else', () => {
  const { code, output, errors } = run('npm', 'install', '--no-audit', '--no-fund', packageFile('npm', version));
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toContain('added 1 package');
  expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['shiftlint']);
  const notice = readFileSync(path.join(folder, 'node_modules/shiftlint/NOTICE'), 'utf8');
  expect(notice).toBe(readFileSync(path.join(stageFolder('npm'), 'NOTICE'), 'utf8'));
});

it('lints a folder', () => {
  cpSync(path.join(root, 'samples/shapes.onnx'), path.join(folder, 'shapes.onnx'));
  cpSync(path.join(root, 'samples/model-code/shapes.py'), path.join(folder, 'shapes.py'));
  const { code, output } = shiftlint('lint', '.');
  expect(code).toBe(1);
  expect(output).toContain('shapes.onnx: warning: MaxPool "pool1"');
  expect(output).toMatch(/^shapes\.py:\d+:\d+: warning: .*nn\.MaxPool2d/m);
});

it('knows its rules and its version', () => {
  const { output } = shiftlint('lint', '.', '--format', 'sarif');
  const log = JSON.parse(output) as { runs: { tool: { driver: { version: string; rules: { help?: { markdown?: string } }[] } } }[] };
  const { driver } = log.runs[0]!.tool;
  expect(driver.version).toBe(version);
  expect(run(process.execPath, 'node_modules/shiftlint/dist/cli.js', '--version')).toEqual({ code: 0, output: `${version}\n`, errors: '' });
  expect(driver.rules.map(({ help }) => help?.markdown?.split('\n')[0])).toContain('# strided-max-pool');
});

it('fixes a model', () => {
  expect(shiftlint('fix', 'shapes.onnx', '-o', 'fixed.onnx').code).toBe(0);
  expect(shiftlint('lint', 'fixed.onnx').code).toBe(0);
});

interface Measurement {
  readonly backend: string;
  readonly layers: readonly { readonly label: string; readonly mean: number }[];
}

it('measures a model on WebAssembly, as the native runtime does', () => {
  const { code, output, errors } = shiftlint('measure', 'fixed.onnx', '--json');
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const ours = JSON.parse(output) as Measurement;
  expect(ours.backend).toMatch(/^ONNX Runtime 1\.\d+ WASM \(onnxruntime-node is not installed\)$/);
  const checkout = run(process.execPath, path.join(root, 'dist/cli.js'), 'measure', 'fixed.onnx', '--json');
  const native = JSON.parse(checkout.output) as Measurement;
  expect(native.layers.length).toBeGreaterThan(20);
  expect(ours.layers.map(({ label }) => label)).toEqual(native.layers.map(({ label }) => label));
  for (const [index, { mean }] of native.layers.entries()) expect(ours.layers[index]!.mean).toBeCloseTo(mean, 4);
});
