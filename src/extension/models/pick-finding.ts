import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { displayPath } from '../platform/display-path';
import { showInStatusBar, showWarning } from '../platform/notices';
import { labelText } from '../platform/shown-text';
import type { LocatedFinding } from './analysis';
import type { Navigation } from './navigation';
import type { ModelStore } from './store';

/** What is chosen: to go to a finding, or to run a command on the model. */
interface FindingItem extends vscode.QuickPickItem {
  readonly layer?: string;
  readonly command?: string;
}

/** Lists the findings of a model; choosing one leads to its layer, and what can be done about all of them stands first. */
export async function pickModelFinding(uri: vscode.Uri, store: ModelStore, navigation: Navigation): Promise<void> {
  const analysis = await store.refresh(uri);
  if (analysis?.ok !== true || analysis.findings.length === 0) {
    if (analysis?.ok === false) void showWarning(analysis.error.message);
    else showInStatusBar(t`Shiftlint has found nothing in ${displayPath(uri)}.`);
    return;
  }
  const items = [...(analysis.fixableCount > 0 ? commandItems : []), ...analysis.findings.map(itemOf)];
  const chosen = await pick(t`Shiftlint: findings in ${labelText(displayPath(uri))}`, items);
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command, uri);
  if (chosen?.layer !== undefined) await navigation.revealLayer(uri, chosen.layer);
}

/** Shows the list. The first finding is the one that Enter takes: nothing is changed by it. */
function pick(title: string, items: readonly FindingItem[]): Promise<FindingItem | undefined> {
  const list = vscode.window.createQuickPick<FindingItem>();
  list.title = title;
  list.items = items;
  list.matchOnDescription = true;
  list.activeItems = items.filter(({ layer }) => layer !== undefined).slice(0, 1);
  return new Promise((resolve) => {
    let chosen: FindingItem | undefined;
    list.onDidAccept(() => {
      [chosen] = list.selectedItems;
      list.hide();
    });
    list.onDidHide(() => {
      list.dispose();
      resolve(chosen);
    });
    list.show();
  });
}

const commandItems: readonly FindingItem[] = [
  { label: `$(lightbulb) ${t`Insert BlurPool Everywhere It Fits`}`, command: 'shiftlint.fixAll' },
  { label: `$(lightbulb-autofix) ${t`Fix and Recover…`}`, command: 'shiftlint.fixAndRecover' },
  { label: t`Findings`, kind: vscode.QuickPickItemKind.Separator },
];

function itemOf({ label, rule, message, layer }: LocatedFinding): FindingItem {
  return { label: labelText(label), description: rule, detail: labelText(message), layer };
}
