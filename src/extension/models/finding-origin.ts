import * as vscode from 'vscode';
import type { SourceOrigin } from '../../core/graph/model-graph';
import { isFile } from '../platform/exists';

/** More folders of an exporter's path than this are not looked for. */
const longestTail = 8;

/**
 * The lines of code that layers were exported from, where their files are in the workspace, by origin: a file is the one that
 * the longest end of the exporter's path names there.
 */
export async function locateOrigins(origins: readonly SourceOrigin[]): Promise<ReadonlyMap<SourceOrigin, vscode.Location>> {
  const files = new Map<string, Promise<vscode.Uri | undefined>>();
  const located = new Map<SourceOrigin, vscode.Location>();
  for (const origin of origins) {
    if (origin.file === undefined) continue;
    const searched = files.get(origin.file) ?? findInWorkspace(origin.file);
    files.set(origin.file, searched);
    const uri = await searched;
    if (uri !== undefined) located.set(origin, new vscode.Location(uri, new vscode.Position(Math.max(0, (origin.line ?? 1) - 1), 0)));
  }
  return located;
}

async function findInWorkspace(file: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const steps = file.split(/[\\/]/).filter((step) => step !== '' && step !== '.' && step !== '..');
  for (let length = Math.min(steps.length, longestTail); length > 0; length--) {
    for (const folder of folders) {
      const uri = vscode.Uri.joinPath(folder.uri, ...steps.slice(-length));
      // What cannot be looked at is not the file that is looked for.
      if (await isFile(uri).catch(() => false)) return uri;
    }
  }
  return undefined;
}
