import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeSession, withEdits } from './code-session.mjs';
import { root } from './root.mjs';

/**
 * Fixes the modules in the `models` of the packages in check_fixed/libraries.json, in copies of the packages, and holds the copies against
 * the packages: every model is built with the same keys and shapes of weights, and gives maps of the same shapes. Needs
 * `SHIFTLINT_PYTHON`, an interpreter with both; with `SHIFTLINT_RUFF` it also counts the files whose imports and layout ruff leaves
 * alone before and after. `-- torchvision` runs one of them, `-- timm 20` another number of modules.
 */
const python = process.env['SHIFTLINT_PYTHON'];
if (python === undefined) throw new Error('SHIFTLINT_PYTHON has to name an interpreter with torchvision and timm.');
const ruff = process.env['SHIFTLINT_RUFF'];
const out = path.join(root, 'out/fixed-libraries');
const [only, count] = process.argv.slice(2);
/** Our modules for Python. */
const templates = readdirSync(path.join(root, 'templates')).flatMap((file) => /^(blurpool_.*)\.py$/.exec(file)?.slice(1) ?? []);
/** @type {Record<string, number | null>} Packages, each with how many of its modules are fixed; null for all. */
const libraries = JSON.parse(readFileSync(path.join(root, 'scripts/check_fixed/libraries.json'), 'utf8'));
const context = {
  library: 'shiftlint',
  specifiers: Object.fromEntries(templates.map((name) => [name, `.${name}`])),
  filter: { label: 'Tri-3', taps: [0.25, 0.5, 0.25] },
};

/** @type {(name: string) => string} */
function folderOf(name) {
  const { stdout, stderr } = spawnSync(String(python), ['-c', `import ${name}; print(${name}.__path__[0])`], { encoding: 'utf8' });
  const folder = stdout.trim().split('\n').at(-1) ?? '';
  if (folder === '') throw new Error(`${name} cannot be imported: ${stderr}`);
  return folder;
}

/** What ruff says of a file's imports, and of its layout. @type {(file: string) => readonly boolean[]} */
function judgedByRuff(file) {
  if (ruff === undefined) return [];
  const runs = [
    ['check', '--isolated', '--no-cache', '--quiet', '--select', 'I', file],
    ['format', '--isolated', '--no-cache', '--quiet', '--check', file],
  ];
  return runs.map((run) => spawnSync(ruff, run).status === 0);
}

const session = await codeSession();
let failed = 0;
for (const [name, modules] of Object.entries(libraries)) {
  if (only !== undefined && only !== name) continue;
  const models = 'models';
  const most = Number(count ?? modules ?? Infinity);
  const source = folderOf(name);
  const copy = path.join(out, name, name);
  rmSync(path.dirname(copy), { recursive: true, force: true });
  mkdirSync(path.dirname(copy), { recursive: true });
  cpSync(source, copy, { recursive: true, filter: (file) => !file.endsWith('__pycache__') });
  if (existsSync(`${source}.libs`)) symlinkSync(`${source}.libs`, `${copy}.libs`);
  const files = readdirSync(path.join(copy, models), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.py') && path.basename(file) !== '__init__.py')
    .sort();
  /** @type {string[]} */
  const fixed = [];
  const spoilt = [0, 0];
  for (const file of files) {
    if (fixed.length >= most) break;
    const place = path.join(copy, models, file);
    // Layout is compared from a clean start.
    if (ruff !== undefined) {
      spawnSync(ruff, ['check', '--isolated', '--no-cache', '--quiet', '--select', 'I', '--fix', place]);
      spawnSync(ruff, ['format', '--isolated', '--no-cache', '--quiet', place]);
    }
    const text = readFileSync(place, 'utf8');
    const before = judgedByRuff(place);
    await session.open(file, 'python', text);
    const fix = session.fixAll(file, {}, context);
    session.close(file);
    if (fix === null) continue;
    writeFileSync(place, withEdits(text, fix.edits));
    copyFileSync(path.join(root, 'templates', `${fix.template}.py`), path.join(path.dirname(place), `${fix.template}.py`));
    fixed.push(path.basename(file, '.py'));
    judgedByRuff(place).forEach((isClean, index) => {
      if (isClean || before[index] !== true) return;
      spoilt[index] = (spoilt[index] ?? 0) + 1;
      console.log(`${name}/${file}: ${index === 0 ? 'imports' : 'layout'} no longer as ruff has it`);
    });
  }
  console.log(`${name}: ${fixed.length} of ${files.length} modules fixed.`);
  if (ruff !== undefined) console.log(`${name}: imports of ${spoilt[0]} files and layout of ${spoilt[1]} are spoilt.`);
  if (spoilt.some((count) => count !== 0)) failed++;
  const manifest = path.join(out, `${name}.json`);
  writeFileSync(manifest, JSON.stringify({ name, modules: fixed, copy: path.dirname(copy) }));
  const { status } = spawnSync(python, [path.join(root, 'scripts/check_fixed/libraries.py'), manifest], { stdio: 'inherit' });
  if (status !== 0) failed++;
}
session.dispose();
process.exitCode = failed === 0 ? 0 : 1;
