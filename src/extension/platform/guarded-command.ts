import * as vscode from 'vscode';
import { showError } from './notices';
import type { Log } from './log';

/** Registers `shiftlint.NAME`. A failure becomes one message, with the details in the output. */
export function registerGuarded(name: string, log: Log, run: (...args: never[]) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(`shiftlint.${name}`, async (...args: never[]) => {
    try {
      return await run(...args);
    } catch (error) {
      log.error(`The command ${name} failed.`, error);
      void showError(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
}
