import * as vscode from 'vscode';
import type { BlurModule } from './blur-modules';
import type { CodeDocuments } from './documents';
import type { CodeFixes } from './fixes';
import { registerGuarded } from '../platform/guarded-command';
import type { Log } from '../platform/log';

/** Registers the commands about model code, and tells the palette whether there is any in front. */
export function registerCodeCommands(documents: CodeDocuments, fixes: CodeFixes, log: Log): vscode.Disposable {
  let told = false;
  const tell = (): void => {
    const document = documentInFront();
    const active = document !== undefined && documents.sourceOf(document) !== undefined;
    if (active === told) return;
    told = active;
    void vscode.commands.executeCommand('setContext', 'shiftlint.activeCode', active);
  };
  tell();
  return vscode.Disposable.from(
    registerGuarded('fixAllInFile', log, (target?: vscode.Uri) => fixes.fixAll(documentOf(target), false)),
    registerGuarded('previewFixCode', log, (target?: vscode.Uri) => fixes.fixAll(documentOf(target), true)),
    registerGuarded('addRecoveryScript', log, (target?: vscode.Uri) => fixes.addRecoveryScript(documentOf(target))),
    registerGuarded('completeFix', log, (module: BlurModule) => fixes.completeFix(module)),
    vscode.window.onDidChangeActiveTextEditor(tell),
    vscode.window.onDidChangeActiveNotebookEditor(tell),
    documents.onDidFollow(tell),
    documents.onDidLeave(tell),
  );
}

function documentOf(target: vscode.Uri | undefined): vscode.TextDocument | undefined {
  if (!(target instanceof vscode.Uri)) return documentInFront();
  const key = target.toString();
  return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
}

/** The document that is edited; in a notebook that shows no cursor, the selected cell. */
function documentInFront(): vscode.TextDocument | undefined {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  if (activeTextEditor !== undefined || activeNotebookEditor === undefined) return activeTextEditor?.document;
  // A notebook that is just being opened has no selection yet, whatever the API's types say.
  const {
    notebook,
    selections: [selection],
  } = activeNotebookEditor;
  return selection !== undefined && selection.start < notebook.cellCount ? notebook.cellAt(selection.start).document : undefined;
}
