import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { extension } from './extension';
import { eventually } from './waiting';

/** A fresh folder in the workspace, so that no test sees another one's files. */
export class FixtureFolder {
  private constructor(private readonly root: vscode.Uri) {}

  static async create(name: string): Promise<FixtureFolder> {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    if (workspace === undefined) throw new Error('The host tests need a workspace folder to write to.');
    const root = vscode.Uri.joinPath(workspace.uri, `${name}-${randomBytes(3).toString('hex')}`);
    await mkdir(root.fsPath, { recursive: true });
    return new FixtureFolder(root);
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.root, path);
  }

  async write(path: string, content: string | Uint8Array): Promise<vscode.Uri> {
    const target = this.uri(path);
    await mkdir(dirname(target.fsPath), { recursive: true });
    await writeFile(target.fsPath, content);
    return target;
  }

  /** Waits until the editor hears of changes in the folder, which it begins to watch some time after it came. */
  async watched(): Promise<void> {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.probe');
    let isHeard = false;
    watcher.onDidCreate(({ path }) => {
      isHeard ||= path.startsWith(this.root.path);
    });
    let probes = 0;
    try {
      await eventually('the editor to watch the folder', async () => {
        if (!isHeard) await this.write(`${probes++}.probe`, '');
        return isHeard ? true : undefined;
      });
    } finally {
      watcher.dispose();
    }
  }

  /** Copies a file of the repository, named from its root. */
  async copy(repositoryPath: string, path: string): Promise<vscode.Uri> {
    const target = this.uri(path);
    await mkdir(dirname(target.fsPath), { recursive: true });
    await copyFile(join(extension().extensionPath, repositoryPath), target.fsPath);
    return target;
  }
}
