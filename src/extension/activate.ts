import './language';
import * as vscode from 'vscode';
import { isRuleId } from '../core/rules/registry';
import { CodeWorkerClient } from '../code/worker-client';
import { EngineClient } from '../engine/host/client';
import { ModelReader } from '../engine/host/model-reader';
import { BlurModules } from './source-code/blur-modules';
import { ModelCodeActions } from './models/lightbulb';
import { registerCodeCommands } from './source-code/commands';
import { CodeDiagnostics } from './source-code/diagnostics';
import { CodeDocuments } from './source-code/documents';
import { CodeFixActions, codeSelector } from './source-code/fix-actions';
import { CodeFixes } from './source-code/fixes';
import { CodeStatus } from './source-code/code-status';
import { CodeHover } from './source-code/hover';
import { registerCommands } from './commands';
import { registerExplain } from './explain/command';
import { ExplainPage } from './explain/explain-page';
import { EngineBackends } from './engine-backends';
import { ModelDiagnostics } from './models/diagnostics';
import { diagnosticSource } from './platform/diagnostics';
import { JsonEditorProvider, jsonEditorType } from './models/json-editor';
import { isOfDisk, ModelContents } from './models/contents';
import { ModelContext } from './models/context';
import { ModelDiscovery } from './models/discovery';
import { ModelEdits } from './models/edits';
import { FixAnnouncer } from './models/announcer';
import { FixHistory } from './models/fix-history';
import { ModelFixer } from './models/fixer';
import { DoneStatus } from './platform/done-status';
import { mayMeasure } from './models/may-measure';
import { ModelPanels } from './panel/panels';
import { ModelStore } from './models/store';
import { ModelTree } from './models/tree';
import { markOf } from './models/layer-marks';
import { factsOf, layersFrom, networkFrom, weightsOf } from './models/layer-pages';
import { layerRow, modelView } from './panel/model-view';
import { Navigation } from './models/navigation';
import type { OnnxDocument } from './models/onnx-document';
import { OnnxEditorProvider, onnxEditorType, otherOnnxEditorType } from './models/onnx-editor';
import type { ModelPanel, PanelActions } from './panel/panel';
import { ProjectLibraries } from './source-code/project-library';
import { ignoreInProject } from './settings/ignore-in-project';
import { ProjectConfigs } from './settings/project-configs';
import { OutcomeStore } from './panel/outcomes/store';
import { RecoveryFolders } from './recovery/folder';
import { ModelRecovery } from './recovery/recovery';
import { RuleDocumentation } from './platform/rule-documentation';
import { languageEnvironment, translations } from './platform/translations';
import { UnfinishedWork } from './platform/unfinished-work';
import { showWarning } from './platform/notices';
import { ModelStatus } from './status';
import { WorkspaceLint } from './source-code/workspace-lint';
import { registerStart } from './start/commands';
import { Sample } from './start/sample';
import { StudyMemory } from './panel/inputs/memory';
import { withChosenBlur } from './panel/inputs/chosen-blur';
import { wantedSize } from './panel/inputs/wanted-size';
import { settingsFor } from './settings/settings';
import type { ExtensionApi, ExtensionTesting } from './testing-api';
import { UriRegistry } from './platform/uri-registry';
import { Log } from './platform/log';

/** Room for the graphs of models; weights stay outside of it. What needs more is ended, and the next model gets a new process. */
const readerHeapMegabytes = 2048;

/** Wires the parts together; every part is disposed with the extension. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const unfinished = own(new UnfinishedWork(context.workspaceState));
  const log = new Log(own(vscode.window.createOutputChannel('Shiftlint', { log: true })));
  const program = (name: string): string => vscode.Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
  const backends = new EngineBackends(context.globalStorageUri, log);
  const engine = own(
    new EngineClient({ modulePath: program('engine.js'), environment: () => ({ ...languageEnvironment(), ...backends.environment() }) }),
  );
  own(backends.register(engine));
  const configs = own(new ProjectConfigs(log));
  const documentation = new RuleDocumentation(context.extensionUri);
  const contents = new ModelContents();
  const reader = own(
    new ModelReader(
      new EngineClient({ modulePath: program('reader.js'), environment: languageEnvironment, heapMegabytes: readerHeapMegabytes }),
    ),
  );
  const memory = own(new StudyMemory(context.workspaceState));
  const judging = {
    imageSize: (uri: vscode.Uri) => wantedSize(memory.recall(uri).choices, settingsFor(uri)),
    settings: (uri: vscode.Uri) => withChosenBlur(settingsFor(uri), memory.recall(uri).choices),
  };
  const store = own(new ModelStore(contents, reader, judging, log));
  own(memory.onDidKeep((uri) => void store.refresh(uri)));
  const documents = own(new UriRegistry<OnnxDocument>());
  const panels = own(new UriRegistry<ModelPanel>());
  const edits = new ModelEdits(contents, documents, store);
  const status = own(new DoneStatus(log));
  const announcer = new FixAnnouncer(status, log);
  const history = own(new FixHistory(contents));
  own(
    store.onDidChange((uri) => {
      if (isOfDisk(store.get(uri)?.version)) history.forget(uri);
    }),
  );
  const fixer = new ModelFixer(store, reader, edits, history, announcer, unfinished);
  const recovery = new ModelRecovery({
    store,
    reader,
    settings: judging.settings,
    edits,
    history,
    engine,
    memory,
    folders: new RecoveryFolders(context.workspaceState),
    fixer,
    announcer,
    unfinished,
    log,
  });
  const explain = new ExplainPage(context.extensionUri, documentation);
  own(registerExplain(explain, log));
  const navigation = new Navigation(store, reader, panels);
  const actions: PanelActions = {
    view: (uri) => modelView(uri, store.get(uri), mayMeasure(uri)),
    ignore: async (uri, rule, layer) => {
      if (isRuleId(rule)) await ignoreInProject(configs, uri, { rule, layer });
    },
    layers: async (uri, first) =>
      (await layersFrom(store, reader, uri, first)).map((layer) =>
        layerRow(layer, markOf(layer, history.marks(uri)), documentation.pageOf),
      ),
    network: (uri, first) => networkFrom(store, reader, uri, first),
    facts: (uri, layer) => factsOf(store, reader, uri, layer),
    weights: (uri, layer) => weightsOf(store, reader, uri, layer),
    fix: (uri, { layers, blur }) => fixer.fix(uri, layers === null ? 'all' : { layers }, blur ?? undefined),
    fixAndRecover: (uri, { layers, blur }, folder) =>
      recovery.fixAndRecover(uri, layers === null ? 'all' : { layers }, { blur: blur ?? undefined, folder }),
    lastFix: (uri) => history.last(uri, store.get(uri)?.version),
    undoFix: (uri, undo) => history.undo(uri, undo),
    openDocumentation: (rule) => documentation.open(rule),
    explain: (layer) => {
      explain.show(layer);
    },
    revealLayer: (uri, layer) => navigation.revealLayer(uri, layer),
  };
  const outcomes = new OutcomeStore(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'results').fsPath);
  const services = { engine, memory, outcomes, unfinished, log };
  const factory = new ModelPanels(context.extensionUri, store, reader, history, judging.settings, services, panels, actions);
  const onnxEditor = own(new OnnxEditorProvider(contents, store, reader, documents, factory, log));
  const tree = own(new ModelTree(store));
  const discovery = own(new ModelDiscovery(store, log));
  const diagnostics = own(vscode.languages.createDiagnosticCollection(diagnosticSource));
  own(new ModelDiagnostics(diagnostics, store, documentation.pageOf));
  own(new ModelStatus(store));
  own(new ModelContext(store));
  own(vscode.window.registerTreeDataProvider('shiftlint.models', tree));
  for (const type of [onnxEditorType, otherOnnxEditorType]) own(vscode.window.registerCustomEditorProvider(type, onnxEditor));
  own(vscode.window.registerCustomEditorProvider(jsonEditorType, new JsonEditorProvider(store, factory)));
  const codeActions = new ModelCodeActions(store);
  own(vscode.languages.registerCodeActionsProvider(ModelCodeActions.selector, codeActions, ModelCodeActions.metadata));
  own(registerCommands({ store, discovery, fixer, recovery, navigation, documentation, log }));
  const code = judgeCode(context, own, diagnostics, documentation, status, log);
  own(
    configs.onDidChange(() => {
      void discovery.scan('asked');
      code.documents.reconsider();
      code.workspace.lookAgain();
    }),
  );
  const lost = unfinished.told();
  if (lost !== undefined) void showWarning(lost);
  const sample = new Sample(context.extensionUri, context.globalState);
  own(registerStart(sample, log));
  const ready = configs.scan().then(() => discovery.scan());
  void ready.then(() => vscode.commands.executeCommand('setContext', 'shiftlint.hasLooked', true));
  // Not before that: VS Code opens another walkthrough as long as it has not taken in those of extensions.
  ready
    .then(() => sample.resume())
    .catch((error: unknown) => {
      log.error('The walkthrough could not be opened again.', error);
    });
  return { testing: { store, reader, panels, documents, engine, code, explain, sample, ready } };
}

/** The parts that judge model code. Its worker is started by the first document that imports a framework. */
function judgeCode(
  { extensionUri }: vscode.ExtensionContext,
  own: <T extends { dispose(): unknown }>(part: T) => T,
  diagnostics: vscode.DiagnosticCollection,
  documentation: RuleDocumentation,
  status: DoneStatus,
  log: Log,
): ExtensionTesting['code'] {
  const modulePath = vscode.Uri.joinPath(extensionUri, 'dist', 'code.js').fsPath;
  const worker: CodeWorkerClient = own(
    new CodeWorkerClient({
      modulePath,
      documents: () => documents.texts(),
      translations: translations(),
      onStart: () => {
        documents.workerStarted();
      },
    }),
  );
  const documents = new CodeDocuments(worker, log);
  const fixes = new CodeFixes(
    documents,
    worker,
    own(new BlurModules(extensionUri, log)),
    own(new ProjectLibraries(log)),
    vscode.Uri.joinPath(extensionUri, 'package.json'),
    status,
  );
  own(new CodeStatus(documents, fixes, log));
  own(new CodeDiagnostics(diagnostics, documents, documentation.pageOf));
  const closedFiles = own(vscode.languages.createDiagnosticCollection(`${diagnosticSource}-workspace`));
  const workspace = own(new WorkspaceLint(closedFiles, documents, worker, documentation.pageOf, log));
  own(registerCodeCommands({ documents, fixes, workspace, status, log }));
  own(vscode.languages.registerCodeActionsProvider(codeSelector, new CodeFixActions(documents, fixes), CodeFixActions.metadata));
  own(vscode.languages.registerHoverProvider(codeSelector, new CodeHover(documents, fixes)));
  own(documents).reconsider();
  return { documents, worker, workspace };
}
