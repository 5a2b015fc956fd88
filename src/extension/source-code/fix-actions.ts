import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CodeFinding } from '../../code/finding';
import type { BlurFilter } from '../../core/rewrite/filters';
import { grammars } from '../../code/source-language';
import { commandAction, insertBlurPool } from '../platform/code-actions';
import type { CodeDocuments } from './documents';
import { explainedCall } from './explained-call';
import { hasRecoveryScript, importersOf, type CodeFixes, type PreparedOffer } from './fixes';
import type { CodeSource } from './source';
import { diagnosticSource } from '../platform/diagnostics';
import { settingsFor } from '../settings/settings';

const insertEverywhere = vscode.CodeActionKind.QuickFix.append('shiftlint').append('insertBlurPoolEverywhere');
const recoveryScript = vscode.CodeActionKind.QuickFix.append('shiftlint').append('addRecoveryScript');
const disable = vscode.CodeActionKind.QuickFix.append('shiftlint').append('disable');
const documentation = vscode.CodeActionKind.QuickFix.append('shiftlint').append('documentation');

/** From what changes the model to what explains it. */
const order: readonly (vscode.CodeActionKind | undefined)[] = [insertBlurPool, insertEverywhere, recoveryScript, disable, documentation];

/** Documents with model code, cells of notebooks included. */
export const codeSelector: vscode.DocumentSelector = Array.from(grammars.keys(), (language) => ({ language }));

/**
 * The lightbulb on a flagged call. A fix changes what the model computes, so it is never preferred and never part of
 * fix-on-save; it carries its edit, so that the editor can preview it.
 */
export class CodeFixActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [insertBlurPool, insertEverywhere, recoveryScript, disable, documentation],
  };

  constructor(
    private readonly documents: CodeDocuments,
    private readonly fixes: CodeFixes,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (context.only?.intersects(vscode.CodeActionKind.QuickFix) === false) return [];
    const source = this.documents.sourceOf(document);
    if (source === undefined) return [];
    const findings = (await this.documents.current(source))?.findings ?? [];
    const actions = findings
      .filter((finding) => touches(source, finding, document, range))
      .map(async (finding) => {
        const offer = await this.fixes.offersOf(source, finding);
        const own = context.diagnostics.filter(({ source: from, message }) => from === diagnosticSource && message === finding.message);
        const { filter } = settingsFor(source.file);
        return offer === undefined ? [] : actionsFor(finding, offer, filter, own);
      });
    const found = (await Promise.all(actions)).flat();
    const fixable = found.some(({ kind, disabled }) => kind === insertBlurPool && disabled === undefined);
    const isFixedHere = found.some(({ edit, kind }) => kind === insertBlurPool && edit?.has(document.uri) === true);
    if (isFixedHere && findings.length > 1) {
      const everywhere = commandAction(
        t`Insert BlurPool everywhere in this file`,
        insertEverywhere,
        'shiftlint.fixAllInFile',
        document.uri,
      );
      // The editor lists actions for a diagnostic first.
      everywhere.diagnostics = found[0]?.diagnostics ?? [];
      found.push(everywhere);
    }
    // Beside a fix, and on a line that has been fixed.
    if ((fixable && hasRecoveryScript(source)) || callsBlur(document, range, source)) {
      const add = commandAction(t`Add recovery script…`, recoveryScript, 'shiftlint.addRecoveryScript', document.uri);
      add.diagnostics = found[0]?.diagnostics ?? [];
      found.push(add);
    }
    found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    return found.filter(({ kind }) => kind !== undefined && context.only?.contains(kind) !== false);
  }
}

/** True where the first line of a range has a layer or function of our module for a framework with a recovery script. */
function callsBlur(document: vscode.TextDocument, range: vscode.Range, source: CodeSource): boolean {
  return /blur_?(?:pool|conv)/i.test(document.lineAt(range.start.line).text) && hasRecoveryScript(source);
}

function touches(source: CodeSource, finding: CodeFinding, document: vscode.TextDocument, range: vscode.Range): boolean {
  const location = source.locate(finding.range);
  return location?.uri.toString() === document.uri.toString() && location.range.intersection(range) !== undefined;
}

function actionsFor(
  finding: CodeFinding,
  { fixes, refusal }: PreparedOffer,
  filter: BlurFilter,
  diagnostics: vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const actions = fixes.map(({ kind, title, edit, module }) => {
    const action = new vscode.CodeAction(title, kind === 'blur' ? insertBlurPool : disable);
    action.edit = edit;
    if (module !== null) action.command = { title, command: 'shiftlint.completeFix', arguments: [module, importersOf(edit)] };
    return action;
  });
  if (refusal !== null) {
    const action = new vscode.CodeAction(t`Insert BlurPool`, insertBlurPool);
    action.disabled = { reason: refusal };
    actions.push(action);
  }
  const explained = explainedCall(finding, refusal === null ? filter : undefined);
  actions.push(
    commandAction(t`Open the documentation of ${finding.rule}`, documentation, 'shiftlint.openRuleDocumentation', finding.rule),
    commandAction(t`Explain this aliasing on a signal`, documentation, 'shiftlint.explain', explained),
  );
  for (const action of actions) action.diagnostics = diagnostics;
  return actions;
}
