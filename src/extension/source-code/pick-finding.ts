import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CodeFinding } from '../../code/finding';
import { showInStatusBar } from '../platform/notices';
import { labelText } from '../platform/shown-text';
import type { CodeDocuments } from './documents';
import type { CodeFixes } from './fixes';
import type { CodeSource } from './source';

/** What is chosen: to go to a finding, or to run a command on the document. */
interface FindingItem extends vscode.QuickPickItem {
  readonly location?: vscode.Location;
  readonly command?: string;
}

/** Lists the findings of a document: moving along them shows each in the editor, choosing one opens its lightbulb. */
export async function pickFinding(documents: CodeDocuments, fixes: CodeFixes, document: vscode.TextDocument | undefined): Promise<void> {
  const source = document === undefined ? undefined : documents.sourceOf(document);
  const judgement = source === undefined ? undefined : await documents.current(source);
  if (document === undefined || source === undefined || judgement === undefined || judgement.findings.length === 0) {
    showInStatusBar(t`Shiftlint has found nothing in the document in front.`);
    return;
  }
  const fixable = await fixes.fixableIn(source);
  const items = judgement.findings.flatMap((finding) => itemOf(source, finding));
  const chosen = await pick([...(fixable > 0 ? commandItems : []), ...items], source);
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command, document.uri);
  if (chosen?.location === undefined) return;
  await reveal(chosen.location, false);
  await vscode.commands.executeCommand('editor.action.quickFix');
}

const commandItems: readonly FindingItem[] = [
  { label: `$(lightbulb) ${t`Insert BlurPool Everywhere in This File`}`, command: 'shiftlint.fixAllInFile' },
  { label: `$(open-preview) ${t`Preview BlurPool Fixes in This File`}`, command: 'shiftlint.previewFixCode' },
  { label: t`Findings`, kind: vscode.QuickPickItemKind.Separator },
];

function itemOf(source: CodeSource, { rule, range, callee, message }: CodeFinding): readonly FindingItem[] {
  const location = source.locate(range);
  if (location === undefined) return [];
  const label = `${location.range.start.line + 1}: ${callee}`;
  return [{ label: labelText(label), description: rule, detail: labelText(message), location }];
}

/** Shows the list; what is in front of it walks along, and is back where it was unless something is chosen. */
function pick(items: readonly FindingItem[], { isNotebook }: CodeSource): Promise<FindingItem | undefined> {
  const editor = vscode.window.activeTextEditor;
  const before = editor && { selection: editor.selection, visible: editor.visibleRanges[0] };
  const list = vscode.window.createQuickPick<FindingItem>();
  list.title = t`Shiftlint: findings in this file`;
  list.items = items;
  list.matchOnDescription = true;
  const first = items.find(({ location }) => location !== undefined);
  if (first !== undefined) list.activeItems = [first];
  return new Promise((resolve) => {
    let chosen: FindingItem | undefined;
    list.onDidChangeActive(([active]) => {
      if (active?.location !== undefined && !isNotebook) void reveal(active.location, true);
    });
    list.onDidAccept(() => {
      [chosen] = list.selectedItems;
      list.hide();
    });
    list.onDidHide(() => {
      list.dispose();
      if (chosen === undefined && editor !== undefined && before !== undefined) {
        editor.selection = before.selection;
        if (before.visible !== undefined) editor.revealRange(before.visible, vscode.TextEditorRevealType.AtTop);
      }
      resolve(chosen);
    });
    list.show();
  });
}

/** Puts the cursor on a place; a cell of a notebook is opened by it. */
async function reveal({ uri, range }: vscode.Location, preserveFocus: boolean): Promise<void> {
  const selection = new vscode.Range(range.start, range.start);
  await vscode.commands.executeCommand('vscode.open', uri, { selection, preserveFocus, preview: true });
}
