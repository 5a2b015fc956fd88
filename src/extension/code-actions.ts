import * as vscode from 'vscode';
import type { LocatedFinding } from './model-analysis';
import { diagnosticSource } from './diagnostics';
import type { ModelFixer } from './model-fixer';
import type { ModelStore } from './model-store';

/** Kind of the fixes, so that a key can be bound to them alone: `quickfix.shiftlint.insertBlurPool`. */
const insertBlurPool = vscode.CodeActionKind.QuickFix.append('shiftlint').append('insertBlurPool');

/** A quick fix whose edit is made when the user picks it. */
class FixAction extends vscode.CodeAction {
  constructor(
    title: string,
    readonly document: vscode.TextDocument,
    readonly layer: string,
  ) {
    super(title, insertBlurPool);
  }
}

/**
 * The lightbulb on a flagged layer of a JSON model. A fix changes what the model computes, so it is never preferred and
 * never part of fix-on-save.
 */
export class ModelCodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };
  static readonly selector: vscode.DocumentSelector = [{ language: 'json' }, { language: 'jsonc' }];

  constructor(
    private readonly store: ModelStore,
    private readonly fixer: ModelFixer,
  ) {}

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

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (action instanceof FixAction) {
      const edit = await this.fixer.textEdit(action.document, action.layer);
      if (edit !== undefined) action.edit = edit;
    }
    return action;
  }

  private actionsFor(
    document: vscode.TextDocument,
    finding: LocatedFinding,
    diagnostics: readonly vscode.Diagnostic[],
  ): vscode.CodeAction[] {
    const actions = [
      commandAction(`Open the documentation of ${finding.rule}`, 'shiftlint.openRuleDocumentation', finding.rule),
      commandAction('Measure shift-equivariance of this model', 'shiftlint.measure', document.uri),
    ];
    if (finding.fix.ok) {
      const { filter, recipe, blurAfter } = finding.fix.plan;
      const place = recipe === 'blur-then-convolution' ? `before ${finding.layer}` : `after ${blurAfter}`;
      actions.unshift(new FixAction(`Insert BlurPool (${filter.label}) ${place}`, document, finding.layer));
    }
    const own = diagnostics.filter(({ source, message }) => source === diagnosticSource && message === finding.message);
    for (const action of actions) action.diagnostics = own;
    return actions;
  }
}

function commandAction(title: string, command: string, ...args: readonly unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [...args] };
  return action;
}
