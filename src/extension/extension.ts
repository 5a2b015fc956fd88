import * as vscode from 'vscode';
import { ModelDiagnostics } from './diagnostics';
import { ModelContents } from './model-contents';
import { ModelDiscovery } from './model-discovery';
import { ModelStore } from './model-store';
import { RuleDocumentation } from './rule-documentation';

/** Wires the parts together; every part is disposed with the extension. */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel('Shiftlint', { log: true }));
  const documentation = new RuleDocumentation(context.extensionUri);
  const store = own(new ModelStore(new ModelContents(), log));
  own(new ModelDiagnostics(store, documentation.pageOf));
  const discovery = own(new ModelDiscovery(store, log));
  void discovery.scan();
}
