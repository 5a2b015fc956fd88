import { t } from '@vscode/l10n';
import * as vscode from 'vscode';

const memoryPrefix = 'shiftlint.recovery-folder:';

/** Folders of images that models were recovered from, remembered in the workspace. */
export class RecoveryFolders {
  constructor(private readonly state: vscode.Memento) {}

  /**
   * Lets the user choose one, starting at the last one; its path, or undefined where they cancel.
   *
   * @param otherwise where to start the first time
   */
  async choose(model: vscode.Uri, otherwise: vscode.Uri): Promise<string | undefined> {
    const key = memoryPrefix + model.toString();
    const kept = this.state.get<unknown>(key);
    const chosen = await vscode.window.showOpenDialog({
      title: t`Folder of images to recover the weights from; no labels are needed`,
      openLabel: t`Fix and Recover`,
      defaultUri: typeof kept === 'string' ? vscode.Uri.file(kept) : otherwise,
      canSelectFiles: false,
      canSelectFolders: true,
    });
    const folder = chosen?.[0]?.fsPath;
    if (folder !== undefined) await this.state.update(key, folder);
    return folder;
  }
}
