import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { BlurModule } from './blur-modules';
import type { CodeDocuments } from './documents';
import type { CodeFixes } from './fixes';
import { countText } from '../platform/count-text';
import type { DoneStatus } from '../platform/done-status';
import { registerGuarded } from '../platform/guarded-command';
import type { Log } from '../platform/log';
import { pickFinding } from './pick-finding';
import { showInformation } from '../platform/notices';
import type { WorkspaceLint, WorkspaceSummary } from './workspace-lint';

/** What the commands about model code work on. */
export interface CodeCommandParts {
  readonly documents: CodeDocuments;
  readonly fixes: CodeFixes;
  readonly workspace: WorkspaceLint;
  readonly status: DoneStatus;
  readonly log: Log;
}

/** Registers the commands about model code, and tells the palette whether there is any in front. */
export function registerCodeCommands({ documents, fixes, workspace, status, log }: CodeCommandParts): vscode.Disposable {
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
    registerGuarded('showFindings', log, (target?: vscode.Uri) => pickFinding(documents, fixes, documentOf(target))),
    registerGuarded('lintWorkspaceCode', log, () => lintWorkspace(workspace, status)),
    registerGuarded('clearWorkspaceCode', log, () => {
      workspace.clear();
      return Promise.resolve();
    }),
    registerGuarded('completeFix', log, (module: BlurModule, importers: readonly vscode.Uri[]) => fixes.completeFix(module, importers)),
    vscode.window.onDidChangeActiveTextEditor(tell),
    vscode.window.onDidChangeActiveNotebookEditor(tell),
    documents.onDidFollow(tell),
    documents.onDidLeave(tell),
  );
}

/** Judges all model code of the workspace, shows how far it is, and says at the end what it came to. */
async function lintWorkspace(workspace: WorkspaceLint, status: DoneStatus): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!folders.some(({ uri }) => uri.scheme === 'file')) {
    void showInformation(t`Shiftlint judges the model code of folders on the disk: open one first.`);
    return;
  }
  const options = { location: vscode.ProgressLocation.Notification, title: t`Shiftlint: judging model code`, cancellable: true };
  const summary = await vscode.window.withProgress(options, (progress, token) => {
    let told = 0;
    const tell = (judged: number, files: number): void => {
      const percent = Math.floor((100 * judged) / files);
      if (percent === told) return;
      progress.report({ increment: percent - told, message: t`${judged} of ${files} files` });
      told = percent;
    };
    return workspace.judgeAll(tell, token);
  });
  status.tell(...summaryText(summary));
}

function summaryText({ findings, withFindings, judged, files }: WorkspaceSummary): [string, readonly string[]] {
  const count = countText(findings);
  const found = judged === 1 ? t`${count} in ${withFindings} of 1 file` : t`${count} in ${withFindings} of ${judged} files`;
  const stopped = judged < files ? [t`It was stopped after ${judged} of ${files} files.`] : [];
  return [
    t`Shiftlint: ${found}`,
    [
      t`All model code of the workspace: ${found}.`,
      ...stopped,
      t`Problems keep up with what changes; "Shiftlint: Clear Findings of Closed Model Code" takes them out again.`,
    ],
  ];
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
