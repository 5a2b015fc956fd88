import * as vscode from 'vscode';
import { ownLibrary } from '../../code/finding';
import { importedLibrary, requiredLibrary, requirementFiles } from '../../code/blur-modules/library';
import type { FixableSource } from './file-source';
import { settingsFor } from '../settings/settings';
import type { Log } from '../platform/log';

const skippedFolders = '**/{node_modules,.venv,venv,site-packages}/**';
const mostFiles = 50;

/** Which library's BlurPool the fixes of a document use. Requirements are read when first needed and again once they change. */
export class ProjectLibraries implements vscode.Disposable {
  private readonly required = new Map<string, Promise<string | undefined>>();
  private watcher: vscode.FileSystemWatcher | undefined;

  constructor(private readonly log: Log) {}

  /** The library chosen in the settings; else the one that the document or its workspace uses already; else our own module. */
  async libraryOf(source: FixableSource): Promise<string> {
    const { blurLibrary } = settingsFor(source.file);
    if (blurLibrary !== 'auto') return blurLibrary;
    if (source.language !== 'python') return ownLibrary;
    return importedLibrary(source.text()) ?? (await this.requiredBy(vscode.workspace.getWorkspaceFolder(source.file))) ?? ownLibrary;
  }

  dispose(): void {
    this.watcher?.dispose();
  }

  private requiredBy(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
    if (folder === undefined) return Promise.resolve(undefined);
    this.watch();
    const key = folder.uri.toString();
    const known = this.required.get(key) ?? this.read(folder);
    this.required.set(key, known);
    return known;
  }

  private async read(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
    try {
      const uris = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, requirementFiles), skippedFolders, mostFiles);
      const texts = uris.map(async (uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
      return requiredLibrary(await Promise.all(texts));
    } catch (error) {
      this.log.warn('The requirements of the workspace could not be read, so fixes insert Shiftlint’s own BlurPool.', error);
      return undefined;
    }
  }

  private watch(): void {
    if (this.watcher !== undefined) return;
    this.watcher = vscode.workspace.createFileSystemWatcher(requirementFiles);
    for (const event of [this.watcher.onDidCreate, this.watcher.onDidChange, this.watcher.onDidDelete])
      event(() => {
        this.required.clear();
      });
  }
}
