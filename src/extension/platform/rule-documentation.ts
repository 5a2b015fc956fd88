import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type RuleId, ruleIds } from '../../core/rules/registry';

/** The pages under `docs/rules`, packaged with the extension so that they open without a network. */
export class RuleDocumentation {
  private readonly pages = new Map<RuleId, vscode.Uri>();

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** The rule's page as a file; the same object every time, for a file may have hundreds of findings. */
  readonly pageOf = (rule: RuleId): vscode.Uri => {
    const page = this.pages.get(rule) ?? vscode.Uri.joinPath(this.extensionUri, 'docs', 'rules', `${rule}.md`);
    this.pages.set(rule, page);
    return page;
  };

  /** Shows a page as rendered Markdown; asks which one where `rule` does not name a rule. */
  async open(rule: string | undefined): Promise<void> {
    const chosen =
      ruleIds.find((id) => id === rule) ??
      (await vscode.window.showQuickPick([...ruleIds], { title: t`Shiftlint: open the documentation of a rule` }));
    const id = ruleIds.find((known) => known === chosen);
    if (id !== undefined) await vscode.commands.executeCommand('markdown.showPreview', this.pageOf(id));
  }
}
