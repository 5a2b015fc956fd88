import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from './build/build.mjs';
import { packageExtension } from './package/extension.mjs';
import { packageForNpm } from './package/npm.mjs';
import { ownTarget, targets } from './package/targets.mjs';
import { root } from './root.mjs';

/**
 * Makes out/shiftlint-TARGET.vsix and, for npm, out/shiftlint-VERSION.tgz, on any machine: minified bundles, and of ONNX Runtime what the
 * target needs. Targets are named, `own` is that of this machine and is made where none is named; --all makes every one.
 * --pre-release marks extensions for the gallery's channel of that name.
 */
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--')).map((word) => (word === 'own' ? ownTarget() : word));
const unknown = [...named.filter((word) => !targets.has(word)), ...words.filter((word) => /^--(?!all$|pre-release$)/.test(word))];
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. Targets are own, ${[...targets.keys()].join(', ')}; options are --all, --pre-release.`);
  process.exit(2);
}
const chosen = words.includes('--all') ? [...targets.keys()] : named.length > 0 ? named : [ownTarget()];

const bundled = await build({ production: true });
await mkdir(path.join(root, 'out/package'), { recursive: true });
// What esbuild says of its bundles; the tests compare each NOTICE with it.
await writeFile(path.join(root, 'out/package/bundled.json'), JSON.stringify(Object.fromEntries(bundled), null, 2));
for (const target of new Set(chosen)) {
  const file = target === 'npm' ? await packageForNpm(bundled) : await packageExtension(target, bundled, words.includes('--pre-release'));
  const { size } = await stat(file);
  console.log(`${path.relative(root, file)}: ${(size / 1024 / 1024).toFixed(1)} MB`);
}
