import * as vscode from 'vscode';

/** What the user would see and do: the extension shares `vscode.window` with its tests. */
export interface StubbedWindow {
  /** Every information message, in order. */
  readonly messages: string[];
  /** Every entry of the status bar that was made, in order. */
  readonly entries: vscode.StatusBarItem[];
  /** Dialogs that asked for a folder. */
  readonly asked: vscode.OpenDialogOptions[];
  restore(): void;
}

/**
 * Answers the dialog for a folder, hears the messages and watches the status bar.
 *
 * @param folder the answer; undefined where the user closes the dialog @param cancel ends whatever shows its progress, as soon as it does
 * @param press the button that the user presses in messages that have it
 */
export function stubWindow({
  folder,
  cancel = false,
  press,
}: {
  readonly folder: string | undefined;
  readonly cancel?: boolean;
  readonly press?: string;
}): StubbedWindow {
  const { showOpenDialog, showInformationMessage, withProgress, createStatusBarItem } = vscode.window;
  const entries: vscode.StatusBarItem[] = [];
  const messages: string[] = [];
  const asked: vscode.OpenDialogOptions[] = [];
  const stubs = {
    showOpenDialog: (options: vscode.OpenDialogOptions) => {
      asked.push(options);
      return Promise.resolve(folder === undefined ? undefined : [vscode.Uri.file(folder)]);
    },
    showInformationMessage: (message: string, ...buttons: readonly unknown[]) => {
      messages.push(message);
      return Promise.resolve(buttons.find((button) => button === press));
    },
    createStatusBarItem: (...place: [string, vscode.StatusBarAlignment]) => {
      const entry = createStatusBarItem(...place);
      entries.push(entry);
      return entry;
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
    entries,
    asked,
    restore: () => {
      Object.assign(vscode.window, { showOpenDialog, showInformationMessage, withProgress, createStatusBarItem });
    },
  };
}
