import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeSession, withEdits } from './code-session.mjs';
import { loadTypescript } from './load-typescript.mjs';
import { root } from './root.mjs';

/**
 * Runs the Python sources of the corpus before and after each fix and compares what they give: output shapes, and where a
 * framework names its weights their names. `SHIFTLINT_PYTHON` is an interpreter with the frameworks; `SHIFTLINT_PYTHON_KERAS`
 * and the like are for one of them, and also run the checks of our own modules and recovery scripts for it. `SHIFTLINT_LIBRARY=timm`
 * fixes by a library that is installed, `SHIFTLINT_FILTER=5` with another number of taps, `SHIFTLINT_FILTER=0.2,0.6,0.2` with other taps.
 * The rows of our tables are held against the signatures of the packages that an interpreter has, and of those whose checkouts lie in
 * the folder `SHIFTLINT_SOURCES`. A folder of other sources may be named, which has a folder for each framework; each source has
 * INPUT_SHAPE and build().
 */
const corpus = path.resolve(process.argv[2] ?? path.join(root, 'test/fixtures/code'));
const out = path.join(root, 'out/fixed-python');
const library = process.env['SHIFTLINT_LIBRARY'] ?? 'shiftlint';
const filter = filterNamed(process.env['SHIFTLINT_FILTER'] ?? '3');
/** Our modules for Python. */
const templates = readdirSync(path.join(root, 'templates')).filter((file) => /^blurpool_.*\.py$/.test(file));
/** Folders of the corpus that are about something else. */
const otherFolders = new Set(['fixed', 'quiet']);
/** @type {import('../src/code/protocol').CodeLintOptions} */
const everyRule = { severities: { 'dynamic-stride': 'hint' } };

/**
 * @typedef {import('../src/code/session').CodeSession} CodeSession
 * @typedef {{ name: string, folder: string, versions: string[] }} Job
 * @typedef {readonly [name: string, text: string]} Version
 */

/**
 * A number of binomial taps, or the taps between commas.
 * @type {(text: string) => import('../src/code/finding').FixContext['filter']}
 */
function filterNamed(text) {
  if (text.includes(',')) return { label: 'given', taps: text.split(',').map(Number) };
  let taps = [1];
  while (taps.length < Number(text)) taps = [...taps, 0].map((tap, index) => (tap + (taps[index - 1] ?? 0)) / 2);
  return { label: `${text} taps`, taps };
}

/**
 * The source, which is open, and its fixed versions, each under a name that Python can import.
 * @type {(session: CodeSession, text: string) => Version[]}
 */
function versionsOf(session, text) {
  const specifiers = Object.fromEntries(templates.map((file) => [path.basename(file, '.py'), path.basename(file, '.py')]));
  const context = { library, specifiers, filter };
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
/**
 * Sources by the folder that they lie in, which is called after their framework.
 * @type {Map<string, Job[]>}
 */
const jobs = new Map();
for (const entry of readdirSync(corpus, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  const name = path.relative(corpus, file).split(path.sep).join('/');
  const framework = name.split('/', 1)[0] ?? '';
  const text = entry.isFile() && name.endsWith('.py') && !otherFolders.has(framework) ? readFileSync(file, 'utf8') : '';
  if (!/^def build\(/m.test(text)) continue;
  await session.open('source', 'python', text);
  const versions = versionsOf(session, text);
  const folder = path.join(out, name.slice(0, -3).replaceAll(/\W/g, '_'));
  mkdirSync(folder, { recursive: true });
  for (const [version, source] of versions) writeFileSync(path.join(folder, `${version}.py`), source);
  for (const file of templates) copyFileSync(path.join(root, 'templates', file), path.join(folder, file));
  writeFileSync(path.join(folder, '__init__.py'), '');
  const job = { name, folder: path.basename(folder), versions: versions.map(([version]) => version) };
  jobs.set(framework, [...(jobs.get(framework) ?? []), job]);
}
session.dispose();

let failed = 0;
for (const [framework, waiting] of jobs) {
  const python = process.env[`SHIFTLINT_PYTHON_${framework.toUpperCase()}`] ?? process.env['SHIFTLINT_PYTHON'];
  if (python === undefined) {
    console.log(`${framework}: ${waiting.length} sources not run, no interpreter is named.`);
    continue;
  }
  const manifest = path.join(out, `${framework}.json`);
  writeFileSync(manifest, JSON.stringify(waiting));
  const { status } = spawnSync(python, [path.join(root, 'scripts/check_fixed/check.py'), manifest], {
    stdio: 'inherit',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (status !== 0) failed++;
}
/** @type {typeof import('../src/code/frameworks/registry')} */
const { tablesOf } = await loadTypescript('src/code/frameworks/registry.ts');
const rows = path.join(out, 'rows.json');
const sources = process.env['SHIFTLINT_SOURCES'] === undefined ? [] : [process.env['SHIFTLINT_SOURCES']];
writeFileSync(rows, JSON.stringify(tablesOf('python').flatMap(rowsOf)));

/**
 * The rows of a table that say something of a window, each with every path that programs may import it under.
 * @type {(table: import('../src/code/frameworks/table').FrameworkTable) => readonly object[]}
 */
function rowsOf({ callables, modules }) {
  const windows = callables.filter(({ kernel, stride, path }) => (kernel ?? stride) !== null && path.includes('.'));
  return windows.map((row) => {
    const aliases = modules.filter(([, canonical]) => row.path.startsWith(`${canonical}.`));
    return { ...row, paths: [row.path, ...aliases.map(([alias, canonical]) => alias + row.path.slice(canonical.length))] };
  });
}

for (const [framework, check, ...given] of [
  ['TORCH', 'check_rows.py', rows],
  ['KERAS', 'check_rows.py', rows],
  ['TORCH', 'check_torch.py'],
  ['KERAS', 'check_keras.py'],
  ['FLAX', 'check_flax.py'],
  ['TORCH', 'check_recover.py'],
  ['KERAS', 'check_recover_keras.py'],
]) {
  const python = process.env[`SHIFTLINT_PYTHON_${framework}`] ?? process.env['SHIFTLINT_PYTHON'];
  if (python === undefined) continue;
  const { status } = spawnSync(
    python,
    [path.join(root, 'test/python', String(check)), ...given.map(String), ...(given.length > 0 ? sources : [])],
    {
      stdio: 'inherit',
      env: { ...process.env, PYTHONPATH: path.join(root, 'templates') },
    },
  );
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
