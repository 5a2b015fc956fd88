import * as vscode from 'vscode';
import { Throttle } from '../platform/throttle';
import type { ModelAnalysis } from './analysis';
import type { ModelStore } from './store';

/** All paths are told anew at every change, so changes that come together are told together. */
const tellAfterMs = 50;

/** Tells menus which files are models, whatever their name, and which of them have a fix: `resourcePath in shiftlint.modelPaths`. */
export class ModelContext implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private readonly told: Throttle;

  constructor(store: ModelStore) {
    let shown = '';
    this.told = new Throttle(tellAfterMs, () => {
      const models = store.all();
      const paths = models.map(pathOf);
      const fixable = models.filter((model) => model.ok && model.fixableCount > 0).map(pathOf);
      const key = [paths, fixable].map((list) => list.join('\n')).join('\0');
      if (key === shown) return;
      shown = key;
      void vscode.commands.executeCommand('setContext', 'shiftlint.modelPaths', paths);
      void vscode.commands.executeCommand('setContext', 'shiftlint.fixablePaths', fixable);
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

function pathOf({ uri }: ModelAnalysis): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.path;
}
