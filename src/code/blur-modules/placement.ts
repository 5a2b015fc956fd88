import { t } from '@vscode/l10n';

/** The files that decide where a module goes. Paths are absolute, with forward slashes. */
export interface PlacementFiles {
  /** Names of the files in a folder; empty where it does not exist. */
  namesIn(folder: string): Promise<ReadonlySet<string>>;
  /** The first line of a file; empty where it cannot be read. */
  firstLine(path: string): Promise<string>;
  /** Files anywhere in the document's workspace folder whose name matches a glob. */
  find(name: string): Promise<readonly string[]>;
}

/** The document that is going to import a module of ours. */
export interface ImportingDocument {
  /** Folder of the document or notebook; of the workspace where the document has no file yet. Null where there is none either. */
  readonly folder: string | null;
  /** True where the document is part of a package that imports may be relative to: a saved file, not a notebook. */
  readonly hasFile: boolean;
  /** Ending of the module's file: `.py`, `.ts`, `.mts`, `.js`, `.mjs`, `.cjs`. */
  readonly extension: ModuleExtension;
  /** Ending of the specifier: TypeScript leaves it out, or names the compiled file as the document's other imports do. */
  readonly specifierEnding: string;
}

export type ModuleExtension = '.py' | '.ts' | '.mts' | '.js' | '.mjs' | '.cjs';

/** Where a module lies or will lie, and how the document imports it; or why it can lie nowhere. */
export type Placement =
  | { readonly ok: true; readonly path: string; readonly specifier: string; readonly exists: boolean }
  | { readonly ok: false; readonly specifier: string; readonly reason: string };

/** How our modules begin, behind the comment sign. */
const signature = /^(?:#|\/\/)\s*Shiftlint (?:BlurPool|recovery) module/;

/**
 * Finds the module to reuse: beside the document; in Python also in a package around it, in JavaScript anywhere in the
 * workspace folder. Where there is none, a new file beside the document is named; one of another's making is left alone.
 */
export async function placeModule(name: string, document: ImportingDocument, files: PlacementFiles): Promise<Placement> {
  const { folder, hasFile, extension, specifierEnding } = document;
  const isPython = extension === '.py';
  const plain = isPython ? name : `./${name}${specifierEnding}`;
  if (folder === null) {
    const reason = t('A BlurPool module needs a folder to lie in: save this document or open a folder, then ask for the fix again.');
    return { ok: false, specifier: plain, reason };
  }
  const beside = await candidateIn(folder, name, extension, files);
  const isPackage = hasFile && isPython && (await files.namesIn(folder)).has('__init__.py');
  const elsewhere = beside.exists
    ? undefined
    : isPython
      ? isPackage
        ? await inPackageAround(folder, name, files)
        : undefined
      : await nearestInWorkspace(folder, name, extension, specifierEnding, files);
  if (elsewhere !== undefined) return elsewhere;
  const specifier = isPython ? `${isPackage ? '.' : ''}${beside.name}` : `./${beside.name}${specifierEnding}`;
  return { ok: true, path: `${join(folder, beside.name)}${extension}`, specifier, exists: beside.exists };
}

/** Where a recovery script of ours lies or will lie: in the folder of a BlurPool module. */
export async function placeBeside(
  modulePath: string,
  name: string,
  files: PlacementFiles,
): Promise<{ readonly path: string; readonly exists: boolean }> {
  const folder = modulePath.slice(0, Math.max(1, modulePath.lastIndexOf('/')));
  const beside = await candidateIn(folder, name, '.py', files);
  return { path: `${join(folder, beside.name)}.py`, exists: beside.exists };
}

/** The first of `name`, `name_2`, `name_3`, ... in a folder that is ours or free. */
async function candidateIn(
  folder: string,
  name: string,
  extension: ModuleExtension,
  files: PlacementFiles,
): Promise<{ readonly name: string; readonly exists: boolean }> {
  const present = await files.namesIn(folder);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!present.has(`${candidate}${extension}`)) return { name: candidate, exists: false };
    if (await isOurs(`${join(folder, candidate)}${extension}`, files)) return { name: candidate, exists: true };
  }
}

async function inPackageAround(folder: string, name: string, files: PlacementFiles): Promise<Placement | undefined> {
  let dots = '.';
  for (let parent = parentOf(folder); parent !== undefined; parent = parentOf(parent)) {
    dots += '.';
    if (!(await files.namesIn(parent)).has('__init__.py')) return undefined;
    const candidate = await candidateIn(parent, name, '.py', files);
    if (candidate.exists)
      return { ok: true, path: `${join(parent, candidate.name)}.py`, specifier: `${dots}${candidate.name}`, exists: true };
  }
  return undefined;
}

async function nearestInWorkspace(
  folder: string,
  name: string,
  extension: ModuleExtension,
  specifierEnding: string,
  files: PlacementFiles,
): Promise<Placement | undefined> {
  const found = (await files.find(`${name}*${extension}`)).filter((path) => isNumbered(path, name, extension));
  const byDistance = found.map((path) => ({ path, relative: relativePath(folder, path) }));
  byDistance.sort((a, b) => steps(a.relative) - steps(b.relative) || a.path.localeCompare(b.path));
  for (const { path, relative } of byDistance) {
    if (!(await isOurs(path, files))) continue;
    return { ok: true, path, specifier: `${relative.slice(0, -extension.length)}${specifierEnding}`, exists: true };
  }
  return undefined;
}

function isNumbered(path: string, name: string, extension: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.startsWith(name) && file.endsWith(extension) && /^(?:_\d+)?$/.test(file.slice(name.length, -extension.length));
}

async function isOurs(path: string, files: PlacementFiles): Promise<boolean> {
  return signature.test(await files.firstLine(path));
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

function parentOf(folder: string): string | undefined {
  const end = folder.lastIndexOf('/');
  return end <= 0 ? undefined : folder.slice(0, end);
}

/** `./layers/blurpool.js`, `../blurpool.js`. */
function relativePath(fromFolder: string, path: string): string {
  const from = fromFolder.split('/').filter((segment) => segment !== '');
  const to = path.split('/').filter((segment) => segment !== '');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common += 1;
  const up = from.length - common;
  return `${up === 0 ? './' : '../'.repeat(up)}${to.slice(common).join('/')}`;
}

function steps(path: string): number {
  return path.split('/').length;
}

/** How a JavaScript or TypeScript document takes its modules, judged by its name, its language and its text. */
export function moduleStyle(
  path: string,
  isTypeScript: boolean,
  text: string,
  usesRequire: boolean,
): Pick<ImportingDocument, 'extension' | 'specifierEnding'> {
  if (path.endsWith('.mts')) return { extension: '.mts', specifierEnding: '.mjs' };
  if (isTypeScript) return { extension: '.ts', specifierEnding: typeScriptEnding(text) };
  if (path.endsWith('.mjs')) return { extension: '.mjs', specifierEnding: '.mjs' };
  if (path.endsWith('.cjs') || usesRequire) return { extension: '.cjs', specifierEnding: '.cjs' };
  return { extension: '.js', specifierEnding: '.js' };
}

function typeScriptEnding(text: string): '' | '.js' | '.ts' {
  const ending = /\bfrom\s*["']\.{1,2}\/[^"'\n]*?(\.[jt]s)["']/.exec(text)?.[1];
  return ending === '.js' || ending === '.ts' ? ending : '';
}
