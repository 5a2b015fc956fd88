import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { environmentMarkers, installedFolders } from '../../code/installed';
import { GitIgnore } from './git-ignore';

/** Folders that hold what others have written, or nothing written. */
const skippedFolders: ReadonlySet<string> = new Set([...installedFolders, '__pycache__']);

/** Tells of a folder that it is a virtual environment. */
const markers: ReadonlySet<string> = new Set(environmentMarkers);

/**
 * What lies below a folder and is no folder itself, by name; what Git ignores, hidden folders, installed libraries and virtual environments
 * are left out.
 *
 * @param unreadable is told of folders that cannot be looked into
 */
export async function* filesBelow(folder: string, unreadable: (folder: string, error: unknown) => void): AsyncGenerator<string> {
  yield* below(folder, folder, await GitIgnore.at(folder), unreadable);
}

async function* below(
  folder: string,
  named: string,
  ignored: GitIgnore,
  unreadable: (folder: string, error: unknown) => void,
): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    unreadable(folder, error);
    return [];
  });
  if (folder !== named && entries.some(({ name }) => markers.has(name))) return;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(folder, entry.name);
    if (ignored.leavesOut(place, entry.isDirectory())) continue;
    if (!entry.isDirectory()) yield place;
    else if (!entry.name.startsWith('.') && !skippedFolders.has(entry.name))
      yield* below(place, named, await ignored.within(place), unreadable);
  }
}
