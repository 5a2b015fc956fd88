import { closeSync, openSync, readFileSync, readSync, statSync, type Stats } from 'node:fs';
import { codeLimits } from '../core/limits';
import { isInstalled } from './installed';
import { folderOf, outermostAround, type ProjectFiles } from './project-files';

/** Bytes of a text that may be judged; a character has at most three of them in UTF-8 that UTF-16 counts as one. */
const mostBytes = 3 * codeLimits.characters;

/**
 * The files of an editor's workspace, read from the disk when an import leads there and kept until they change. What is open in the editor
 * goes before what the disk has.
 */
export class WorkspaceFiles implements ProjectFiles {
  private readonly roots = new Set<string>();
  private readonly open = new Map<string, string>();
  private readonly kept = new Map<string, string | undefined>();

  /** Lets imports be followed within a folder. */
  addRoot(root: string): void {
    this.roots.add(root);
  }

  /** Takes the text of an editor; null where the file is no longer open. True where that is another text than before. */
  show(file: string, text: string | null): boolean {
    const before = this.read(file);
    if (text === null) {
      this.open.delete(file);
      this.kept.delete(file);
    } else this.open.set(file, text);
    return this.read(file) !== before;
  }

  /** Forgets what the disk had. True where that matters: an open file is not judged by its state there. */
  changed(file: string): boolean {
    this.kept.delete(file);
    return !this.open.has(file);
  }

  read(file: string): string | undefined {
    const shown = this.open.get(file);
    if (shown !== undefined) return shown;
    if (!this.kept.has(file)) this.kept.set(file, this.load(file));
    return this.kept.get(file);
  }

  skim(file: string): string | undefined {
    return this.open.get(file) ?? (this.kept.has(file) ? this.kept.get(file) : this.load(file));
  }

  /** The beginning of a file that is too long to be judged, and its length; null for any other. */
  tooLong(file: string): { readonly head: string; readonly bytes: number } | null {
    const entry = isInstalled(file) ? undefined : statSync(file, { throwIfNoEntry: false });
    if (entry?.isFile() !== true || entry.size <= mostBytes) return null;
    return { head: headOnDisk(file), bytes: entry.size };
  }

  isFile(file: string): boolean {
    return this.open.has(file) || (!isInstalled(file) && statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  }

  isFolder(folder: string): boolean {
    return !isInstalled(folder) && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  holds(file: string): boolean {
    return outermostAround(this.roots, file) !== undefined;
  }

  /** The outermost folder of the workspace that holds the file; else its own folder. */
  rootOf(file: string): string {
    return outermostAround(this.roots, file) ?? folderOf(file);
  }

  private load(file: string): string | undefined {
    return isInstalled(file) ? undefined : textOnDisk(file, statSync(file, { throwIfNoEntry: false }));
  }
}

/** The text of a source; undefined where it is no file, too long to be judged, or may not be read. */
export function textOnDisk(file: string, entry: Stats | null | undefined): string | undefined {
  if (entry?.isFile() !== true || entry.size > mostBytes) return undefined;
  try {
    return new TextDecoder().decode(readFileSync(file));
  } catch {
    // What may not be read is no part of the project.
    return undefined;
  }
}

/** Bytes in which a long file says what it imports. */
const headBytes = 1 << 16;

function headOnDisk(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const head = new Uint8Array(headBytes);
      return new TextDecoder().decode(head.subarray(0, readSync(descriptor, head)));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // What may not be read is no part of the project.
    return '';
  }
}
