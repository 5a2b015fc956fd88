import type * as vscode from 'vscode';

/** A deleted path cannot be asked what it was; names without an extension are few enough to look. */
export function mayBeFolder(uri: vscode.Uri): boolean {
  return !uri.path.slice(uri.path.lastIndexOf('/') + 1).includes('.', 1);
}
