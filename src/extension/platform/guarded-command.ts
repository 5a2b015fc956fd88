import * as vscode from 'vscode';
import { noticeText } from './shown-text';

/** Registers `shiftlint.NAME`. A failure becomes one message, with the details in the output. */
export function registerGuarded(
  name: string,
  log: vscode.LogOutputChannel,
  run: (...args: never[]) => Promise<unknown>,
): vscode.Disposable {
  return vscode.commands.registerCommand(`shiftlint.${name}`, async (...args: never[]) => {
    try {
      return await run(...args);
    } catch (error) {
      log.error(`The command ${name} failed.`, error);
      void vscode.window.showErrorMessage(noticeText(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  });
}
