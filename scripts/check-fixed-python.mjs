import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { loadTypescript } from './load-typescript.mjs';
import { root } from './root.mjs';

/**
 * Runs the Python sources of the corpus before and after each fix and compares what they give: output shapes, and for
 * PyTorch the keys of the state_dict. `SHIFTLINT_PYTHON` is an interpreter with torch, `SHIFTLINT_PYTHON_TF` one with
 * TensorFlow, Keras and Flax; `SHIFTLINT_LIBRARY=timm` fixes by a library that the first has, `SHIFTLINT_FILTER=5` with
 * another number of taps. A folder of other sources may be named; each has INPUT_SHAPE and build().
 */
const corpus = path.resolve(process.argv[2] ?? path.join(root, 'test/fixtures/code'));
const out = path.join(root, 'out/fixed-python');
const library = /** @type {FixContext['library']} */ (process.env['SHIFTLINT_LIBRARY'] ?? 'shiftlint');
const filterSize = Number(process.env['SHIFTLINT_FILTER'] ?? 3);
const interpreters = { torch: process.env['SHIFTLINT_PYTHON'], other: process.env['SHIFTLINT_PYTHON_TF'] };
const templates = /** @type {const} */ (['torch', 'keras', 'tensorflow', 'flax']);
/** @type {import('../src/code/protocol').CodeLintOptions} */
const everyRule = { severities: { 'dynamic-stride': 'hint' } };

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../src/code/session').CodeSession} CodeSession
 * @typedef {import('../src/code/finding').FixContext} FixContext
 * @typedef {{ name: string, folder: string, versions: string[] }} Job
 * @typedef {readonly [name: string, text: string]} Version
 */

/** @returns {Promise<CodeSession>} */
async function codeSession() {
  /** @type {typeof import('../src/code/session')} */
  const { CodeSession } = await loadTypescript('src/code/session.ts');
  const folder = (/** @type {string} */ name) =>
    path.dirname(name === 'web-tree-sitter' ? require.resolve(name) : require.resolve(`${name}/package.json`));
  return CodeSession.create(async (file) => readFileSync(path.join(folder(path.basename(file, '.wasm')), file)));
}

/** @type {(text: string, edits: readonly import('../src/core/formats/format').TextEdit[]) => string} */
function withEdits(text, edits) {
  return edits.reduceRight(
    (result, { offset, length, text: added }) => result.slice(0, offset) + added + result.slice(offset + length),
    text,
  );
}

/**
 * The source and its fixed versions, each under a name that Python can import.
 * @type {(session: CodeSession, text: string) => Version[]}
 */
function versionsOf(session, text) {
  session.open('source', 'python', text);
  const python = Object.fromEntries(templates.map((template) => [template, `blurpool_${template}`]));
  const specifiers = /** @type {FixContext['specifiers']} */ ({ ...python, tfjs: './blurpool.js' });
  const context = { library, specifiers, filterSize };
  /** @type {Version[]} */
  const single = session.lint('source', everyRule).flatMap((finding, index) => {
    const fix = session.offers('source', finding, context).fixes.find(({ kind }) => kind === 'blur');
    return fix === undefined ? [] : [[`fix_${index}`, withEdits(text, fix.edits)]];
  });
  const all = session.fixAll('source', everyRule, context);
  const fixed = all === null ? [] : [/** @type {Version} */ (['all', withEdits(text, all.edits)])];
  return [['original', text], ...single, ...fixed];
}

const session = await codeSession();
rmSync(out, { recursive: true, force: true });
/** @type {{ torch: Job[], other: Job[] }} */
const jobs = { torch: [], other: [] };
for (const entry of readdirSync(corpus, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  const name = path.relative(corpus, file).split(path.sep).join('/');
  const text = entry.isFile() && name.endsWith('.py') && !/^(?:fixed|quiet)\//.test(name) ? readFileSync(file, 'utf8') : '';
  if (!/^def build\(/m.test(text)) continue;
  await session.open('source', 'python', text);
  const versions = versionsOf(session, text);
  const folder = path.join(out, name.slice(0, -3).replaceAll(/\W/g, '_'));
  mkdirSync(folder, { recursive: true });
  for (const [version, source] of versions) writeFileSync(path.join(folder, `${version}.py`), source);
  for (const template of templates)
    copyFileSync(path.join(root, `templates/blurpool_${template}.py`), path.join(folder, `blurpool_${template}.py`));
  writeFileSync(path.join(folder, '__init__.py'), '');
  const job = { name, folder: path.basename(folder), versions: versions.map(([version]) => version) };
  (name.startsWith('torch/') ? jobs.torch : jobs.other).push(job);
}
session.dispose();

let failed = 0;
for (const kind of /** @type {const} */ (['torch', 'other'])) {
  const python = interpreters[kind];
  const waiting = jobs[kind].length;
  if (waiting === 0) continue;
  if (python === undefined) {
    console.log(`${kind}: ${waiting} sources not run, no interpreter is named.`);
    continue;
  }
  const manifest = path.join(out, `${kind}.json`);
  writeFileSync(manifest, JSON.stringify(jobs[kind]));
  const { status } = spawnSync(python, [path.join(root, 'scripts/check_fixed.py'), manifest], {
    stdio: 'inherit',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
