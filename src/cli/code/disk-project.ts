import { statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { isInstalled } from '../../code/installed';
import { outermostAround, type ProjectFiles } from '../../code/project-files';
import { textOnDisk } from '../../code/workspace-files';

/** The files around the sources of a command line, on this machine's disk: they do not change while it runs. */
export class DiskProject implements ProjectFiles {
  private readonly roots: readonly string[];
  private readonly known = new Map<string, Stats | null>();

  /** @param words files and folders of the command line; imports are followed within the folders, and within the working folder */
  constructor(words: readonly string[]) {
    const folders = words.map((word) => withSlashes(path.resolve(word))).filter((place) => this.isFolder(place));
    this.roots = [...folders, withSlashes(process.cwd())];
  }

  read(file: string): string | undefined {
    return textOnDisk(file, this.entryOf(file));
  }

  skim(file: string): string | undefined {
    return this.read(file);
  }

  isFile(file: string): boolean {
    return this.entryOf(file)?.isFile() === true;
  }

  isFolder(folder: string): boolean {
    return this.entryOf(folder)?.isDirectory() === true;
  }

  holds(file: string): boolean {
    return outermostAround(this.roots, file) !== undefined;
  }

  /** The outermost folder of the command line that holds the file; else its own folder. */
  rootOf(file: string): string {
    return outermostAround(this.roots, file) ?? withSlashes(path.dirname(file));
  }

  private entryOf(place: string): Stats | null {
    if (isInstalled(place)) return null;
    const known = this.known.get(place);
    if (known !== undefined) return known;
    const entry = statSync(place, { throwIfNoEntry: false }) ?? null;
    this.known.set(place, entry);
    return entry;
  }
}

/** A path as the judge of code writes it, on every system. */
export function withSlashes(place: string): string {
  return place.replaceAll('\\', '/');
}
