import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { exists } from '../platform/exists';
import { openWalkthrough } from './walkthrough';

/** What of the samples travels with the extension; the scripts that made them do not. */
const parts = ['README.md', 'images', 'labels.txt', 'model-code', 'shapes-tfjs', 'shapes.onnx'];

/** Name of the copy; a number behind it where there is one already. */
const copyName = 'shiftlint-sample';

/** Set while a window is about to open a copy. */
const openingKey = 'shiftlint.openingSample';

/** The sample as a workspace of the user's own: the extension's own files stay as they are. */
export class Sample {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly state: vscode.Memento,
  ) {}

  /** Copies the sample into a folder that the user chooses and opens it; undefined where they choose none. */
  async open(): Promise<vscode.Uri | undefined> {
    const [place] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        openLabel: t`Copy the Sample Here`,
        title: t`Shiftlint: where to put a copy of the sample`,
      })) ?? [];
    if (place === undefined) return undefined;
    const copy = await this.copyTo(place);
    await this.state.update(openingKey, copy.toString());
    const isInUse = (vscode.workspace.workspaceFolders ?? []).length > 0;
    await vscode.commands.executeCommand('vscode.openFolder', copy, { forceNewWindow: isInUse });
    return copy;
  }

  /** Copies the sample into a new folder inside of `place`. */
  async copyTo(place: vscode.Uri): Promise<vscode.Uri> {
    const copy = await freeFolder(place);
    await vscode.workspace.fs.createDirectory(copy);
    for (const part of parts)
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(this.extensionUri, 'samples', part), vscode.Uri.joinPath(copy, part));
    return copy;
  }

  /** In the window that opens a copy: goes on with the walkthrough where it was left. */
  async resume(): Promise<void> {
    const opening = this.state.get<string>(openingKey);
    if (opening === undefined) return;
    const isHere = (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => uri.toString() === opening);
    if (!isHere) return;
    await this.state.update(openingKey, undefined);
    await openWalkthrough('finding');
  }
}

async function freeFolder(place: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const folder = vscode.Uri.joinPath(place, number === 1 ? copyName : `${copyName}-${number}`);
    if (!(await exists(folder))) return folder;
  }
}
