import { folderOf, foldersAround, joinPath, type ProjectFiles } from '../project-files';
import type { ResolvedPath } from './resolved-path';

/**
 * Finds the module of a dotted path as an import in `from` means it: `..blocks.conv3x3` from the folders above,
 * `models.blocks.conv3x3` from the folder of the file or one around it, as scripts and installed packages see it.
 */
export function resolvePython(files: ProjectFiles, path: string, from: string): ResolvedPath | null {
  const dots = /^\.*/.exec(path)?.[0].length ?? 0;
  const names = path
    .slice(dots)
    .split('.')
    .filter((name) => name !== '');
  if (dots > 0) {
    let folder = folderOf(from);
    for (let level = 1; level < dots; level++) folder = folderOf(folder);
    return walk(files, folder, names) ?? packageAt(files, folder, names);
  }
  const root = files.rootOf(from);
  for (const folder of [...foldersAround(from, root), joinPath(root, 'src')]) {
    const found = walk(files, folder, names);
    // A file does not import itself by a name that a package bears too.
    if (found !== null && !(found.file === from && found.names.length > 0)) return found;
  }
  return null;
}

/** The deepest module along the names. */
function walk(files: ProjectFiles, start: string, names: readonly string[]): ResolvedPath | null {
  let folder = start;
  let found: ResolvedPath | null = null;
  for (const [index, name] of names.entries()) {
    const inner = joinPath(folder, name);
    const rest = names.slice(index + 1);
    if (files.isFile(`${inner}/__init__.py`)) found = { file: `${inner}/__init__.py`, names: rest };
    else if (files.isFile(`${inner}.py`)) return { file: `${inner}.py`, names: rest };
    else if (!files.isFolder(inner)) break;
    folder = inner;
  }
  return found;
}

/** `from . import name`: what the package itself binds. */
function packageAt(files: ProjectFiles, folder: string, names: readonly string[]): ResolvedPath | null {
  const file = `${folder}/__init__.py`;
  return files.isFile(file) ? { file, names } : null;
}
