import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { imageSizeText } from '../../core/graph/image-size';
import { fullName } from '../../core/report/full-name';
import { visibleText } from '../../core/report/visible-text';
import type { Severity } from '../../core/rules/rule';
import { recoveryOffer } from '../../panel-protocol/model';
import type { JudgedModel, LocatedFinding, ModelAnalysis } from './analysis';
import type { ModelStore } from './store';
import { displayPath } from '../platform/display-path';
import { Throttle } from '../platform/throttle';
import { countText } from '../platform/count-text';

/** A row of the tree; commands of its menus get it as their first argument. */
export type TreeNode =
  | { readonly kind: 'model'; readonly uri: vscode.Uri; readonly analysis: ModelAnalysis }
  | { readonly kind: 'finding'; readonly uri: vscode.Uri; readonly finding: LocatedFinding };

const icons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  information: new vscode.ThemeIcon('info', new vscode.ThemeColor('notificationsInfoIcon.foreground')),
  hint: new vscode.ThemeIcon('lightbulb'),
};

/** A look at a workspace judges one model after the other; the rows of all are asked for anew for as many as come together. */
const showAgainAfterMs = 100;

/** The view "CNN models": models, and below each its findings in the order of the layers. */
export class ModelTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscription: vscode.Disposable;
  private readonly shown = new Throttle(showAgainAfterMs, () => {
    this.changes.fire(undefined);
    void vscode.commands.executeCommand('setContext', 'shiftlint.hasModels', this.store.all().length > 0);
  });

  constructor(private readonly store: ModelStore) {
    this.subscription = store.onDidChange(() => {
      this.shown.schedule();
    });
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return this.store.all().map((analysis) => ({ kind: 'model', uri: analysis.uri, analysis }));
    if (node.kind === 'finding' || !node.analysis.ok) return [];
    return node.analysis.findings.map((finding) => ({ kind: 'finding', uri: node.uri, finding }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === 'model' ? modelItem(node.analysis) : findingItem(node.uri, node.finding);
  }

  dispose(): void {
    this.subscription.dispose();
    this.shown.dispose();
    this.changes.dispose();
  }
}

function modelItem(analysis: ModelAnalysis): vscode.TreeItem {
  const { uri } = analysis;
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.None);
  const path = displayPath(uri);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  item.id = uri.toString();
  if (!analysis.ok) {
    item.iconPath = icons.error;
    item.description = [folder, t`cannot be read`].filter((part) => part !== '').join(' · ');
    item.tooltip = visibleText(analysis.error.message);
    item.contextValue = 'model-unreadable';
    return item;
  }
  const { findingCount, fixableCount, format } = analysis;
  const found = foundText(analysis);
  item.description = [folder, found].filter((part) => part !== '').join(' · ');
  item.tooltip = `${path} (${format.label}): ${found}`;
  item.contextValue = fixableCount > 0 ? 'model.fixable' : 'model.clean';
  item.iconPath = new vscode.ThemeIcon(findingCount === 0 ? 'pass' : 'symbol-structure');
  if (findingCount > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
  return item;
}

function findingItem(uri: vscode.Uri, finding: LocatedFinding): vscode.TreeItem {
  const item = new vscode.TreeItem(visibleText(finding.label));
  item.id = `${uri.toString()}#${finding.layer}`;
  const [before, after] = [strideText(finding.cumulativeStrideBefore), strideText(finding.cumulativeStride)];
  item.description = t`${finding.rule} · stride ${before} → ${after}`;
  const said = [fullName(finding), finding.message, ...(finding.fix.ok ? [recoveryOffer] : [])];
  item.tooltip = said.map(visibleText).join('\n\n');
  item.iconPath = icons[finding.severity];
  item.contextValue = finding.fix.ok ? 'finding.fixable' : 'finding.reported';
  const node: TreeNode = { kind: 'finding', uri, finding };
  item.command = { title: t`Go to Layer`, command: 'shiftlint.revealFinding', arguments: [node] };
  return item;
}

const strideText = (stride: LocatedFinding['cumulativeStride']): string => stride?.join('×') ?? t`unknown`;

/** How many findings a model has, and the image size that they are for where it leaves its own open: `3 findings at 224 x 320`. */
export function foundText({ findingCount, judgedSize }: Pick<JudgedModel, 'findingCount' | 'judgedSize'>): string {
  return judgedSize === null ? countText(findingCount) : t`${countText(findingCount)} at ${imageSizeText(judgedSize)}`;
}
