import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { jsonEditorType } from './models/json-editor';
import type { ModelAnalysis } from './models/analysis';
import type { ModelStore } from './models/store';
import { foundText } from './models/tree';
import { onnxEditorType, otherOnnxEditorType } from './models/onnx-editor';
import { fixableText } from './platform/count-text';

/**
 * Says how the model in front was judged: beside the language where it is open as text, in the status bar where it is
 * open in the model editor, and nowhere else.
 */
export class ModelStatus implements vscode.Disposable {
  private language: vscode.LanguageStatusItem | undefined;
  private readonly statusBar = vscode.window.createStatusBarItem('shiftlint.status', vscode.StatusBarAlignment.Right, 100);
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly store: ModelStore) {
    const update = (): void => {
      this.update();
    };
    this.statusBar.name = 'Shiftlint';
    this.subscriptions = [
      store.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.language?.dispose();
    this.statusBar.dispose();
  }

  private update(): void {
    this.showLanguage(vscode.window.activeTextEditor?.document);
    const edited = activeModelEditor();
    const analysis = edited === undefined ? undefined : this.store.get(edited);
    if (analysis === undefined) {
      this.statusBar.hide();
      return;
    }
    this.statusBar.text = `${needsAttention(analysis) ? '$(warning)' : '$(pass)'} ${summary(analysis)}`;
    this.statusBar.tooltip = detail(analysis);
    this.statusBar.command = showFindings(analysis);
    this.statusBar.show();
  }

  private showLanguage(document: vscode.TextDocument | undefined): void {
    const analysis = document === undefined ? undefined : this.store.get(document.uri);
    if (document === undefined || analysis === undefined) {
      this.language?.dispose();
      this.language = undefined;
      return;
    }
    const selector: vscode.DocumentFilter = { language: document.languageId };
    this.language ??= vscode.languages.createLanguageStatusItem('shiftlint.model', selector);
    this.language.selector = selector;
    this.language.name = 'Shiftlint';
    this.language.text = summary(analysis);
    this.language.detail = detail(analysis);
    this.language.severity = needsAttention(analysis) ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
    this.language.command = showFindings(analysis);
  }
}

/** The file shown by the model editor in front; undefined where another editor is. */
export function activeModelEditor(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const ours = input instanceof vscode.TabInputCustom && [onnxEditorType, otherOnnxEditorType, jsonEditorType].includes(input.viewType);
  return ours ? input.uri : undefined;
}

function needsAttention(analysis: ModelAnalysis): boolean {
  return !analysis.ok || analysis.findingCount > 0;
}

/** What the item of model code says, too: how much of it can be mended from here. */
function detail(analysis: ModelAnalysis): string {
  if (!analysis.ok) return t`Shiftlint cannot read this model`;
  const { findingCount, fixableCount, format } = analysis;
  return [format.label, ...(findingCount === 0 ? [] : [fixableText(fixableCount)])].join(t`, `);
}

function showFindings({ uri }: ModelAnalysis): vscode.Command {
  return { title: t`Show Findings`, command: 'shiftlint.showModelFindings', arguments: [uri] };
}

function summary(analysis: ModelAnalysis): string {
  return analysis.ok ? t`Shiftlint: ${foundText(analysis)}` : t`Shiftlint: unreadable model`;
}
