/** The files around a source, as far as its imports reach. Paths are absolute and written with `/`. */
export interface ProjectFiles {
  /** The text of a file; undefined where there is none, or none that may be read. */
  read(file: string): string | undefined;
  /** The same, for a single look: nothing keeps it. */
  skim(file: string): string | undefined;
  isFile(file: string): boolean;
  isFolder(folder: string): boolean;
  /** True of a file in a folder that is open, or named on the command line. */
  holds(file: string): boolean;
  /** The outermost folder that imports of a file are looked for in. */
  rootOf(file: string): string;
}

/** The folder that a file or folder lies in. */
export function folderOf(file: string): string {
  const end = file.lastIndexOf('/');
  return end <= 0 ? '/' : file.slice(0, end);
}

/** The outermost of some folders that hold a file; undefined where none does. */
export function outermostAround(folders: Iterable<string>, file: string): string | undefined {
  const around = [...folders].filter((folder) => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
  return around.sort((a, b) => a.length - b.length)[0];
}

/** A path below a folder, `.` and `..` worked out. */
export function joinPath(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The folders from that of a file out to the root, innermost first. */
export function foldersAround(file: string, root: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); folder.startsWith(root); folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === root || folder === '/') break;
  }
  return folders;
}
