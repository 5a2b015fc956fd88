import * as vscode from 'vscode';

/** Enough for a page to load what it shows last, its icons. */
const settleMs = 500;

/**
 * Closes all editors once their pages have loaded. In a browser VS Code serves pages through a service worker, which waits 30 seconds
 * for whatever a closed page was still loading, and all pages opened meanwhile wait with it.
 */
export async function closeEditors(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
