import * as vscode from 'vscode';
import { settingsFor } from './settings';

/**
 * True where `shiftlint.exclude` names the file of an open document; a notebook's cell is excluded with its notebook.
 * `findFiles` does the same for files of the workspace.
 */
export function isExcluded(document: vscode.TextDocument, file: vscode.Uri = document.uri): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  if (folder === undefined) return false;
  return settingsFor(file).exclude.some(
    (glob) => vscode.languages.match({ pattern: new vscode.RelativePattern(folder, glob) }, document) > 0,
  );
}
