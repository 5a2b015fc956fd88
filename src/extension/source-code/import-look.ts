import { readdir, readFile } from 'node:fs/promises';
import type { SourceLanguage, WorkspacePlace } from '../../code/protocol';
import { folderOf, foldersAround, joinPath } from '../../code/project-files';

/**
 * Cheap look at the disk, before a worker is started to look closer: whether one of the paths that a source imports may mean a file of its
 * workspace that leads to a framework.
 */
export function mayLeadToCode(paths: readonly string[], place: WorkspacePlace, language: SourceLanguage): Promise<boolean> {
  const folders = foldersAround(place.file, place.root);
  return language === 'python'
    ? isAnyThere(paths.flatMap((path) => pythonPlaces(path, place, folders)))
    : scriptMayLead(paths, place, folders);
}

/** Where a file or folder may lie that a path begins with, by its name without an ending. */
interface WantedPlace {
  readonly folder: string;
  readonly name: string;
}

async function isAnyThere(wanted: readonly WantedPlace[]): Promise<boolean> {
  const folders = [...new Set(wanted.map(({ folder }) => folder))];
  const listings = new Map(await Promise.all(folders.map(async (folder) => [folder, await namesIn(folder)] as const)));
  return wanted.some(({ folder, name }) => listings.get(folder)?.has(name) === true);
}

/** Names of what a folder holds, without their endings. */
async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch(() => []);
  return new Set(names.map((name) => name.replace(/(?<=.)\..*$/, '')));
}

/** A relative path means a module, or what the package itself binds. */
function pythonPlaces(path: string, { file, root }: WorkspacePlace, folders: readonly string[]): readonly WantedPlace[] {
  const dots = /^\.*/.exec(path)?.[0].length ?? 0;
  const name = path.slice(dots).split('.', 1)[0] ?? '';
  if (dots === 0) return [...folders, `${root}/src`].map((folder) => ({ folder, name }));
  const folder = joinPath(folderOf(file), '../'.repeat(dots - 1));
  return ['__init__', name].map((wanted) => ({ folder, name: wanted }));
}

/** Scripts import each other everywhere, but a package that does not name TensorFlow.js in its `package.json` has no layers. */
async function scriptMayLead(paths: readonly string[], { file }: WorkspacePlace, folders: readonly string[]): Promise<boolean> {
  const packages = await textsOf('package.json', folders);
  if (packages.length > 0 && !packages.some((text) => text.includes('@tensorflow/'))) return false;
  const places = paths.filter((path) => path.startsWith('.')).map((path) => scriptPlace(joinPath(folderOf(file), path)));
  return (await isAnyThere(places)) || (places.length < paths.length && (await hasAliases(folders)));
}

function scriptPlace(target: string): WantedPlace {
  const stem = target.replace(/\.[cm]?[jt]sx?$/, '');
  return { folder: folderOf(stem), name: stem.slice(folderOf(stem).length + 1).replace(/(?<=.)\..*$/, '') };
}

/** True where a configuration gives paths that look like packages another meaning. */
async function hasAliases(folders: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(['tsconfig.json', 'jsconfig.json'].map((name) => textsOf(name, folders)));
  return texts.flat().some((text) => /"(?:paths|baseUrl)"/.test(text));
}

async function textsOf(name: string, folders: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(folders.map((folder) => readFile(`${folder}/${name}`, 'utf8').catch(() => null)));
  return texts.filter((text) => text !== null);
}
