import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ignoring, type Ignored } from '../../core/config/ignore';
import { projectConfigName } from '../../core/config/project-config';
import { displayPath } from '../platform/display-path';
import { exists } from '../platform/exists';
import { showWarning } from '../platform/notices';
import type { ProjectConfigs } from './project-configs';

/**
 * Lets the project of a model leave something alone: an unsaved change of the `shiftlint.json` that holds for it, else an unsaved one in
 * its workspace folder, shown beside the model. It counts once the user has saved it.
 */
export async function ignoreInProject(configs: ProjectConfigs, model: vscode.Uri, ignored: Ignored): Promise<void> {
  const folder = configs.folderFor(model) ?? vscode.workspace.getWorkspaceFolder(model)?.uri;
  if (folder === undefined) {
    void showWarning(
      t`${displayPath(model)} belongs to no folder of the workspace: open its folder, so that a ${projectConfigName} can hold for it.`,
    );
    return;
  }
  const document = await configDocument(vscode.Uri.joinPath(folder, projectConfigName));
  const before = document.getText();
  const result = ignoring(before, ignored);
  if (!result.ok) void showWarning(t`${displayPath(document.uri)} was left as it is. ${result.reason} Mend it first.`);
  else if (result.edits.length > 0) {
    const edit = new vscode.WorkspaceEdit();
    for (const { offset, length, content } of result.edits)
      edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), content);
    await vscode.workspace.applyEdit(edit);
  }
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  const written = document.positionAt(result.ok ? (result.edits.at(-1)?.offset ?? 0) : 0);
  editor.revealRange(new vscode.Range(written, written), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The file, or a document that will be saved to its place; the one that is open already, if it is. */
async function configDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  if (await exists(uri)) return vscode.workspace.openTextDocument(uri);
  return vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
}
