import * as vscode from 'vscode';
import { environmentMarkers, installedFolders } from '../../code/installed';
import { sourceExtensions } from '../../code/source-language';
import { defaultExclude } from '../../core/config/default-exclude';
import { isExcludedByDefault } from '../settings/exclusion';
import { settingsFor } from '../settings/settings';
import { Turns } from '../platform/turns';

const candidates = `**/*{${sourceExtensions.join(',')}}`;

/** A virtual environment is known by what lies in its folder; of a conda one the editor finds files alone. */
const markers = `**/{${environmentMarkers.flatMap((name) => [name, `${name}/history`]).join(',')}}`;

/** Folders that are never looked into, those that are hidden among them. */
const skipped = [...installedFolders, '__pycache__', '.*'].map((name) => `**/${name}/**`);

/**
 * The sources of the workspace's folders on the disk, in the order of their paths. Left out is what the settings and the defaults exclude,
 * which a `shiftlint.json` may replace, and what is installed.
 */
export async function findCode(): Promise<readonly vscode.Uri[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const found = (await Promise.all(folders.map(codeIn))).flat();
  const turns = new Turns();
  const wanted: vscode.Uri[] = [];
  for (const uri of found) {
    await turns.pause();
    if (!isExcludedByDefault(uri, defaultExclude)) wanted.push(uri);
  }
  return wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function codeIn(folder: vscode.WorkspaceFolder): Promise<readonly vscode.Uri[]> {
  const { exclude } = settingsFor(folder.uri);
  const pattern = (glob: string): vscode.RelativePattern => new vscode.RelativePattern(folder, glob);
  const [sources, marked] = await Promise.all([
    vscode.workspace.findFiles(pattern(candidates), pattern(`{${[...skipped, ...exclude].join(',')}}`)),
    vscode.workspace.findFiles(pattern(markers), null),
  ]);
  const environments = marked.map(({ path }) => path.replace(/(?<=\/)(?:conda-meta\/)?[^/]*$/, ''));
  return sources.filter(({ path }) => !environments.some((environment) => path.startsWith(environment)));
}
