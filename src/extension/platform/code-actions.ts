import * as vscode from 'vscode';

/** Kind of the fixes, so that a key can be bound to them alone: `quickfix.shiftlint.insertBlurPool`. */
export const insertBlurPool = vscode.CodeActionKind.QuickFix.append('shiftlint').append('insertBlurPool');

/** Kind of the fixes that recover the weights behind them. */
export const fixAndRecover = vscode.CodeActionKind.QuickFix.append('shiftlint').append('fixAndRecover');

/** An entry of the lightbulb that runs a command. */
export function commandAction(title: string, kind: vscode.CodeActionKind, command: string, ...args: readonly unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.command = { title, command, arguments: [...args] };
  return action;
}
