import * as vscode from 'vscode';
import { EngineClient } from '../engine/client';
import { ModelCodeActions } from './code-actions';
import { registerCommands } from './commands';
import { ModelDiagnostics } from './diagnostics';
import { JsonEditorProvider, jsonEditorType } from './json-editor';
import { ModelContents } from './model-contents';
import { ModelDiscovery } from './model-discovery';
import { ModelFixer } from './model-fixer';
import { mayMeasure, ModelPanels } from './model-panels';
import { ModelStore } from './model-store';
import { ModelTree } from './model-tree';
import { modelView } from './model-view';
import { Navigation } from './navigation';
import type { OnnxDocument } from './onnx-document';
import { OnnxEditorProvider, onnxEditorType } from './onnx-editor';
import type { ModelPanel, PanelActions } from './panel';
import { RuleDocumentation } from './rule-documentation';
import { settingsFor } from './settings';
import { ModelStatus } from './status';
import type { ExtensionApi } from './testing-api';
import { UriRegistry } from './uri-registry';

/** Wires the parts together; every part is disposed with the extension. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel('Shiftlint', { log: true }));
  const modulePath = vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath;
  const engine = own(new EngineClient({ modulePath, memoryBudgetBytes: settingsFor().memoryBudgetBytes }));
  const documentation = new RuleDocumentation(context.extensionUri);
  const contents = new ModelContents();
  const store = own(new ModelStore(contents, log));
  const documents = own(new UriRegistry<OnnxDocument>());
  const panels = own(new UriRegistry<ModelPanel>());
  const fixer = new ModelFixer(contents, documents);
  const navigation = new Navigation(store, panels);
  const actions: PanelActions = {
    view: (uri) => modelView(uri, store.get(uri), mayMeasure(uri), documentation.pageOf),
    fix: (uri, request) => fixer.fix(uri, request),
    openDocumentation: (rule) => documentation.open(rule),
    revealLayer: (uri, layer) => navigation.revealLayer(uri, layer),
  };
  const factory = new ModelPanels(context.extensionUri, contents, store, engine, panels, actions, log);
  const onnxEditor = own(new OnnxEditorProvider(contents, store, documents, factory, log));
  const tree = own(new ModelTree(store));
  const discovery = own(new ModelDiscovery(store, log));
  own(new ModelDiagnostics(store, documentation.pageOf));
  own(new ModelStatus(store));
  own(vscode.window.registerTreeDataProvider('shiftlint.models', tree));
  own(vscode.window.registerCustomEditorProvider(onnxEditorType, onnxEditor));
  own(vscode.window.registerCustomEditorProvider(jsonEditorType, new JsonEditorProvider(store, factory)));
  const codeActions = new ModelCodeActions(store);
  own(vscode.languages.registerCodeActionsProvider(ModelCodeActions.selector, codeActions, ModelCodeActions.metadata));
  own(registerCommands({ store, discovery, fixer, navigation, documentation, log }));
  const ready = discovery.scan();
  return { testing: { store, panels, documents, engine, ready } };
}
