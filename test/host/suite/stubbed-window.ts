import * as vscode from 'vscode';

/** What the user would see and do: the extension shares `vscode.window` with its tests. */
export interface StubbedWindow {
  /** Every information message, in order. */
  readonly messages: string[];
  /** Dialogs that asked for a folder. */
  readonly asked: vscode.OpenDialogOptions[];
  restore(): void;
}

/**
 * Answers the dialog for a folder, and hears the messages.
 *
 * @param folder the answer; undefined where the user closes the dialog @param cancel ends whatever shows its progress, as soon as it does
 */
export function stubWindow({ folder, cancel = false }: { readonly folder: string | undefined; readonly cancel?: boolean }): StubbedWindow {
  const { showOpenDialog, showInformationMessage, withProgress } = vscode.window;
  const messages: string[] = [];
  const asked: vscode.OpenDialogOptions[] = [];
  const stubs = {
    showOpenDialog: (options: vscode.OpenDialogOptions) => {
      asked.push(options);
      return Promise.resolve(folder === undefined ? undefined : [vscode.Uri.file(folder)]);
    },
    showInformationMessage: (message: string) => {
      messages.push(message);
      return Promise.resolve(undefined);
    },
    withProgress: <Result>(_options: unknown, task: (progress: unknown, token: vscode.CancellationToken) => Thenable<Result>) => {
      const source = new vscode.CancellationTokenSource();
      const running = task({ report: () => undefined }, source.token);
      source.cancel();
      return running;
    },
  };
  Object.assign(vscode.window, { ...stubs, ...(!cancel && { withProgress }) });
  return {
    messages,
    asked,
    restore: () => {
      Object.assign(vscode.window, { showOpenDialog, showInformationMessage, withProgress });
    },
  };
}
