import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadTypescript } from './load-typescript.mjs';
import { root } from './root.mjs';

/**
 * How much of what real projects build the linter finds: `record.py` builds the models of packages on the meta device and records every
 * layer with a stride above 1 with the way of calls to it; a layer is found where a finding stands on that way. `SHIFTLINT_PYTHON` is an
 * interpreter with the packages; packages may be named. Exits with 1 where a package has less than its target.
 */
const python = process.env['SHIFTLINT_PYTHON'] ?? 'python3';
/** @type {Readonly<Record<string, number | null>>} per cent of layers, those of `dynamic-stride` included; null where none is set */
const targets = JSON.parse(readFileSync(path.join(root, 'scripts/check_recall/targets.json'), 'utf8'));
const named = process.argv.slice(2);
const out = path.join(root, 'out/recall');
mkdirSync(out, { recursive: true });
/** @type {typeof import('./check_recall/compare')} */
const { recallOf } = await loadTypescript('scripts/check_recall/compare.ts');

for (const name of named.length === 0 ? Object.keys(targets) : named) {
  const file = path.join(out, `${name}.json`);
  const recorded = spawnSync(python, [path.join(root, 'scripts/check_recall/record.py'), name, file], { stdio: 'inherit' });
  if (recorded.status !== 0) {
    console.error(`${name} was not recorded: name an interpreter that has it by SHIFTLINT_PYTHON.`);
    process.exitCode = 1;
    continue;
  }
  const { layers, ofLibraries, found, dynamic, missed, notices } = await recallOf(JSON.parse(readFileSync(file, 'utf8')), out);
  const percent = (/** @type {number} */ count) => ((100 * count) / layers).toFixed(1);
  const { [name]: target = null } = targets;
  const isShort = target !== null && (100 * (found + dynamic)) / layers < target;
  const wanted = target === null ? '' : `, target ${target} %`;
  console.log(`${name}: ${percent(found + dynamic)} % of ${layers} layers${wanted}; ${percent(dynamic)} % of them by dynamic-stride alone`);
  for (const [library, count] of ofLibraries) console.log(`  ${count} more are built by models of ${library}, which are not searched.`);
  for (const [way, count] of [...missed].sort((a, b) => b[1] - a[1]).slice(0, 20)) console.log(`  missed ${count}: ${way}`);
  for (const notice of notices) console.log(`  ${notice}`);
  if (isShort) process.exitCode = 1;
}
