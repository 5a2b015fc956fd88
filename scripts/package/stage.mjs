import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { assets, packageFolder } from '../build/assets.mjs';
import { root } from '../root.mjs';
import { notice } from './notice.mjs';
import { stageFolder, targets } from './targets.mjs';

/**
 * Puts together what a package holds: files of the checkout, the runtime beside the bundles, and the NOTICE of all of it.
 * @param {string} target
 * @param {readonly string[]} files from the root
 * @param {ReadonlyMap<string, readonly string[]>} bundled the folders of the packages that each bundle holds
 * @returns {Promise<string>} its folder
 */
export async function stage(target, files, bundled) {
  const folder = stageFolder(target);
  const runtime = targets.get(target) ?? [];
  await rm(folder, { recursive: true, force: true });
  for (const file of files) await copy(path.join(root, file), path.join(folder, file));
  for (const { name, files: parts } of runtime)
    for (const part of parts) await copy(path.join(packageFolder(name), part), path.join(folder, 'dist/node_modules', name, part));
  await writeFile(path.join(folder, 'NOTICE'), notice(packagesIn(files, bundled, runtime)));
  return folder;
}

/** @type {(files: readonly string[], bundled: ReadonlyMap<string, readonly string[]>, runtime: readonly { name: string }[]) => string[]} */
function packagesIn(files, bundled, runtime) {
  const copied = assets.filter(({ to, files: [first = ''] }) => files.includes(path.posix.join('dist', to, first)));
  return [...files.flatMap((file) => bundled.get(file) ?? []), ...[...copied, ...runtime].map(({ name }) => packageFolder(name))];
}

/** @type {(from: string, to: string) => Promise<void>} */
async function copy(from, to) {
  await mkdir(path.dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) });
}
