import { cp } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { root } from '../root.mjs';
import { stage } from './stage.mjs';
import { packageFile } from './targets.mjs';

/**
 * Makes the extension for a target.
 * @param {string} target
 * @param {ReadonlyMap<string, readonly string[]>} bundled the folders of the packages that each bundle holds
 * @param {boolean} preRelease for the gallery's channel of that name
 * @returns {Promise<string>} the file
 */
export async function packageExtension(target, bundled, preRelease) {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const folder = await stage(target, files, bundled);
  await cp(path.join(root, '.vscodeignore'), path.join(folder, '.vscodeignore'));
  const packagePath = packageFile(target);
  await createVSIX({
    cwd: folder,
    packagePath,
    dependencies: false,
    // There is no address of a repository that relative links could lead to.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
    preRelease,
    ...(target === 'universal' ? {} : { target }),
  });
  return packagePath;
}
