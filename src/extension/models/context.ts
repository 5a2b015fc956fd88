import * as vscode from 'vscode';
import type { ModelStore } from './store';

/** Tells menus which files are models, whatever their name: `resourcePath in shiftlint.modelPaths`. */
export class ModelContext implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(store: ModelStore) {
    let shown = '';
    this.subscription = store.onDidChange(() => {
      const paths = store.all().map(({ uri }) => (uri.scheme === 'file' ? uri.fsPath : uri.path));
      const key = paths.join('\n');
      if (key === shown) return;
      shown = key;
      void vscode.commands.executeCommand('setContext', 'shiftlint.modelPaths', paths);
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
