import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LocatedFinding } from './analysis';
import { diagnosticSource } from '../platform/diagnostics';
import type { ModelStore } from './store';
import { commandAction, fixAndRecover, insertBlurPool } from '../platform/code-actions';

/**
 * The lightbulb on a flagged layer of a JSON model. A fix changes what the model computes, so it is never preferred and
 * never part of fix-on-save. It is a command, not an edit: VS Code saves the files of an edit that a lightbulb carries when
 * they are more than one (files.refactoring.autoSave), and only the user may save.
 */
export class ModelCodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };
  static readonly selector: vscode.DocumentSelector = [{ language: 'json' }, { language: 'jsonc' }];

  constructor(private readonly store: ModelStore) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (context.only?.intersects(vscode.CodeActionKind.QuickFix) === false) return [];
    const analysis = this.store.get(document.uri) === undefined ? undefined : await this.store.refresh(document.uri);
    if (analysis?.ok !== true) return [];
    const touched = analysis.findings.filter((finding) => finding.range.intersection(range) !== undefined);
    return touched
      .flatMap((finding) => this.actionsFor(document, finding, context.diagnostics))
      .filter(({ kind }) => kind !== undefined && context.only?.contains(kind) !== false);
  }

  private actionsFor(
    document: vscode.TextDocument,
    finding: LocatedFinding,
    diagnostics: readonly vscode.Diagnostic[],
  ): vscode.CodeAction[] {
    const actions = [
      commandAction(
        t`Open the documentation of ${finding.rule}`,
        vscode.CodeActionKind.QuickFix,
        'shiftlint.openRuleDocumentation',
        finding.rule,
      ),
      commandAction(t`Explain this aliasing on a signal`, vscode.CodeActionKind.QuickFix, 'shiftlint.explain', finding.explained),
      commandAction(t`Measure shift-equivariance of this model`, vscode.CodeActionKind.QuickFix, 'shiftlint.measure', document.uri),
    ];
    if (finding.fix.ok) {
      const { filter, place } = finding.fix;
      const title = t`Insert BlurPool (${filter}) ${place}`;
      actions.unshift(
        commandAction(title, insertBlurPool, 'shiftlint.fixLayer', document.uri, finding.layer),
        commandAction(
          t`Fix and recover… (${filter} ${place}, weights from a folder of images)`,
          fixAndRecover,
          'shiftlint.fixAndRecover',
          document.uri,
          finding.layer,
        ),
      );
    }
    const own = diagnostics.filter(({ source, message }) => source === diagnosticSource && message === finding.message);
    for (const action of actions) action.diagnostics = own;
    return actions;
  }
}
