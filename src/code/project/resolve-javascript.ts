import { parse } from 'jsonc-parser';
import { folderOf, foldersAround, joinPath, type ProjectFiles } from '../project-files';
import type { ResolvedPath } from './resolved-path';

const endings = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cjs'];

/** Finds the module of `./blocks.js.conv` as an import in `from` means it: relative, or by the paths of the nearest tsconfig.json. */
export function resolveJavaScript(files: ProjectFiles, path: string, from: string): ResolvedPath | null {
  // A specifier may hold dots, so what is left of each dot may be the module; the longest one that exists is.
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const file = moduleFile(files, path.slice(0, end), from);
    if (file !== null)
      return {
        file,
        names: path
          .slice(end + 1)
          .split('.')
          .filter((name) => name !== ''),
      };
  }
  return null;
}

function moduleFile(files: ProjectFiles, specifier: string, from: string): string | null {
  if (/^\.\.?(?:\/|$)/.test(specifier)) return fileAt(files, joinPath(folderOf(from), specifier));
  for (const place of placesByConfig(files, specifier, from)) {
    const file = fileAt(files, place);
    if (file !== null) return file;
  }
  return null;
}

/** TypeScript names the file that its output will have. */
function fileAt(files: ProjectFiles, path: string): string | null {
  const stem = path.replace(/\.([cm]?)jsx?$/, '');
  const candidates = [path, ...endings.map((ending) => path + ending), ...(stem === path ? [] : endings.map((ending) => stem + ending))];
  return [...candidates, ...endings.map((ending) => `${path}/index${ending}`)].find((file) => isModule(file) && files.isFile(file)) ?? null;
}

function isModule(file: string): boolean {
  return endings.some((ending) => file.endsWith(ending)) && !file.endsWith('.d.ts');
}

interface PathOptions {
  readonly compilerOptions?: { readonly baseUrl?: unknown; readonly paths?: unknown };
}

/** Where `paths` and `baseUrl` of the nearest configuration look for a specifier. */
function placesByConfig(files: ProjectFiles, specifier: string, from: string): readonly string[] {
  for (const folder of foldersAround(from, files.rootOf(from))) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const text = files.read(`${folder}/${name}`);
      if (text === undefined) continue;
      const { baseUrl, paths } = ((parse(text) as PathOptions | undefined) ?? {}).compilerOptions ?? {};
      const base = typeof baseUrl === 'string' ? joinPath(folder, baseUrl) : folder;
      const mapped = Object.entries(typeof paths === 'object' && paths !== null ? paths : {}).flatMap(([pattern, targets]) =>
        mappedBy(pattern, Array.isArray(targets) ? targets : [], specifier).map((target) => joinPath(base, target)),
      );
      return typeof baseUrl === 'string' ? [...mapped, joinPath(base, specifier)] : mapped;
    }
  }
  return [];
}

function mappedBy(pattern: string, targets: readonly unknown[], specifier: string): readonly string[] {
  const [before = '', after] = pattern.split('*');
  const isMatch =
    after === undefined
      ? specifier === pattern
      : specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= before.length + after.length;
  if (!isMatch) return [];
  const middle = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
  return targets.flatMap((target) => (typeof target === 'string' ? [target.replace('*', middle)] : []));
}
