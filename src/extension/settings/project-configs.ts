import * as vscode from 'vscode';
import { parseProjectConfig, projectConfigName } from '../../core/config/project-config';
import { displayPath } from '../platform/display-path';
import { attachProjectConfigs, type PlacedConfig } from './settings';
import type { Log } from '../platform/log';

const configFiles = `**/${projectConfigName}`;

/** Every `shiftlint.json` of the workspace, kept up to date; the nearest one above a file holds for it. */
export class ProjectConfigs implements vscode.Disposable {
  private readonly configs = new Map<string, PlacedConfig>();
  private readonly changes = new vscode.EventEmitter<void>();
  /** Fires after a file came, went or was saved. */
  readonly onDidChange = this.changes.event;
  private readonly disposables: { dispose(): unknown }[] = [this.changes];

  constructor(private readonly log: Log) {
    const watcher = vscode.workspace.createFileSystemWatcher(configFiles);
    // One after another, so that what was read last is what holds.
    let last = Promise.resolve();
    const reload = (uri: vscode.Uri): void => {
      last = last
        .then(() => this.load(uri))
        .then(() => {
          this.changes.fire();
        });
    };
    this.disposables.push(
      attachProjectConfigs((file) => this.nearest(file)),
      watcher,
      watcher.onDidCreate(reload),
      watcher.onDidChange(reload),
      watcher.onDidDelete((uri) => {
        if (this.configs.delete(folderOf(uri).path)) this.changes.fire();
      }),
    );
  }

  /** Reads all files of the workspace. */
  async scan(): Promise<void> {
    const found = await vscode.workspace.findFiles(configFiles, '**/node_modules/**');
    await Promise.all(found.map((uri) => this.load(uri)));
  }

  /** Folder of the `shiftlint.json` that holds for a file; undefined where none does. */
  folderFor(file: vscode.Uri): vscode.Uri | undefined {
    return this.nearest(file)?.folder;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async load(uri: vscode.Uri): Promise<void> {
    try {
      const { config, problems } = parseProjectConfig(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
      this.configs.set(folderOf(uri).path, { folder: folderOf(uri), config });
      for (const problem of problems) this.log.warn(`${displayPath(uri)}: ${problem} The rest of the file holds.`);
    } catch (error) {
      this.configs.delete(folderOf(uri).path);
      this.log.error(`${displayPath(uri)} could not be read.`, error);
    }
  }

  /** The nearest configuration in a folder above the file. */
  private nearest(file: vscode.Uri): PlacedConfig | undefined {
    if (this.configs.size === 0) return undefined;
    for (let folder = folderOf(file); ; folder = folderOf(folder)) {
      const placed = this.configs.get(folder.path);
      if (placed !== undefined && placed.folder.scheme === file.scheme) return placed;
      if (folder.path === '/' || folder.path === '' || folder.path === '.') return undefined;
    }
  }
}

function folderOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, '..');
}
