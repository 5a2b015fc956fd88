import picomatch from 'picomatch';
import * as vscode from 'vscode';
import { settingsFor } from './settings';

/** True where the settings or a `shiftlint.json` exclude a file; a notebook's cell is excluded with its notebook. */
export function isExcluded(file: vscode.Uri): boolean {
  const { exclude, projectExclude } = settingsFor(file);
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri;
  return (
    (folder !== undefined && matches(exclude, folder, file)) ||
    (projectExclude !== undefined && matches(projectExclude.globs, projectExclude.folder, file))
  );
}

/** True of a file that defaults exclude: those count for whatever a `shiftlint.json` says nothing of. */
export function isExcludedByDefault(file: vscode.Uri, defaults: readonly string[]): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri;
  return folder !== undefined && settingsFor(file).projectExclude === undefined && matches(defaults, folder, file);
}

/** True where a file is judged at all. */
export function isJudged(file: vscode.Uri): boolean {
  return settingsFor(file).enable && !isExcluded(file);
}

function matches(globs: readonly string[], folder: vscode.Uri, file: vscode.Uri): boolean {
  const inside = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return globs.length > 0 && file.path.startsWith(inside) && picomatch.isMatch(file.path.slice(inside.length), [...globs], { dot: true });
}
