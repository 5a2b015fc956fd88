import * as vscode from 'vscode';
import { visibleText } from '../../core/report/visible-text';

/** How messages name a file: relative to its workspace folder. */
export function displayPath(uri: vscode.Uri): string {
  return visibleText(vscode.workspace.asRelativePath(uri));
}
