import * as vscode from 'vscode';

/** Measuring runs the model in a process of ours, from files on disk: not in an untrusted or virtual workspace. */
export function mayMeasure(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}
