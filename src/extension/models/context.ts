import * as vscode from 'vscode';
import { Throttle } from '../platform/throttle';
import type { ModelStore } from './store';

/** All paths are told anew at every change, so changes that come together are told together. */
const tellAfterMs = 50;

/** Tells menus which files are models, whatever their name: `resourcePath in shiftlint.modelPaths`. */
export class ModelContext implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly told: Throttle;

  constructor(store: ModelStore) {
    let shown = '';
    this.told = new Throttle(tellAfterMs, () => {
      const paths = store.all().map(({ uri }) => (uri.scheme === 'file' ? uri.fsPath : uri.path));
      const key = paths.join('\n');
      if (key === shown) return;
      shown = key;
      void vscode.commands.executeCommand('setContext', 'shiftlint.modelPaths', paths);
    });
    this.subscription = store.onDidChange(() => {
      this.told.schedule();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.told.dispose();
  }
}
