import * as vscode from 'vscode';
import { placeOfCells } from '../../code/notebooks/notebook';
import type { FileChange, WorkspacePlace } from '../../code/protocol';
import { programLanguage, sourceExtensions } from '../../code/source-language';
import type { CodeSource } from './source';

/** A path as the judge of code writes it, on every system. */
function pathOf(uri: vscode.Uri): string {
  return uri.fsPath.replaceAll('\\', '/');
}

/** Where a source lies in the workspace; undefined where its imports are not followed: on no disk, or in no folder that is open. */
export function workspacePlace({ file: uri, language, isNotebook }: CodeSource): WorkspacePlace | undefined {
  const folder = uri.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  if (folder === undefined || language === 'yaml') return undefined;
  const file = isNotebook ? placeOfCells(pathOf(uri), language) : pathOf(uri);
  return programLanguage(file) === undefined ? undefined : { file, root: pathOf(folder.uri) };
}

/** Where a file lies that no editor holds; undefined for one on no disk, or in no folder that is open. */
export function placeOnDisk(uri: vscode.Uri): WorkspacePlace | undefined {
  const folder = uri.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  return folder && { file: pathOf(uri), root: pathOf(folder.uri) };
}

/** Sources, and files whose changes may be another file's findings. The editor takes no braces within braces. */
const watched = `**/{${[...sourceExtensions.map((extension) => `*${extension}`), 'tsconfig.json', 'jsconfig.json'].join(',')}}`;

/** Changes come in swarms: a branch is checked out, a formatter runs. */
const swarmMs = 100;

/** Tells of sources that change on the disk, many at once. */
export class SourceChanges implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher(watched);
  private readonly gathered = new Map<string, FileChange>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (files: readonly FileChange[]) => void) {
    this.watcher.onDidChange((uri) => {
      this.gather(uri, false);
    });
    this.watcher.onDidCreate((uri) => {
      this.gather(uri, true);
    });
    this.watcher.onDidDelete((uri) => {
      this.gather(uri, true);
    });
  }

  dispose(): void {
    this.watcher.dispose();
    clearTimeout(this.timer);
  }

  private gather(uri: vscode.Uri, isNew: boolean): void {
    if (uri.scheme !== 'file') return;
    const file = pathOf(uri);
    // A configuration says where imports lead.
    const leads = isNew || file.endsWith('.json');
    this.gathered.set(file, { file, isNew: leads || this.gathered.get(file)?.isNew === true });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell([...this.gathered.values()]);
      this.gathered.clear();
    }, swarmMs);
  }
}
