import * as vscode from 'vscode';

/** How messages name a file: relative to its workspace folder. */
export function displayPath(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
