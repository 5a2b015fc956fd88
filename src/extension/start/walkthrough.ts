import * as vscode from 'vscode';

/** The steps of the walkthrough that package.json contributes. */
export type WalkthroughStep = 'sample' | 'finding' | 'recover' | 'measure';

const walkthrough = 'shiftlint.shiftlint#start';

/** Opens the walkthrough, at one of its steps where one is named. */
export async function openWalkthrough(step?: WalkthroughStep): Promise<void> {
  const target = step === undefined ? walkthrough : { category: walkthrough, step };
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', target, false);
}
