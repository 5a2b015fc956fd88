import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ModelReader } from '../../engine/host/model-reader';
import { displayPath } from '../platform/display-path';
import { claimsOnnx } from './claims-onnx';
import type { ModelContents } from './contents';
import type { ModelStore } from './store';
import { OnnxDocument } from './onnx-document';
import { saveModelAs } from './save-as';
import type { ModelPanels } from '../panel/panels';
import type { UriRegistry } from '../platform/uri-registry';
import { showInStatusBar } from '../platform/notices';
import type { Log } from '../platform/log';

/** `viewType` of the editor for ONNX files, and of the same for those of other names, whose editor it is only where one asks for it. */
export const onnxEditorType = 'shiftlint.modelEditor';
export const otherOnnxEditorType = 'shiftlint.otherModelEditor';

/** The `viewType` under which an ONNX file of this name is opened. */
export function onnxEditorOf(uri: vscode.Uri): string {
  return claimsOnnx(uri) ? onnxEditorType : otherOnnxEditorType;
}

/** The editable editor for `.onnx`: fixes are edits with undo and redo, written at save, backed up for hot exit. */
export class OnnxEditorProvider implements vscode.CustomEditorProvider<OnnxDocument>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<OnnxDocument>>();
  readonly onDidChangeCustomDocument = this.changes.event;

  constructor(
    private readonly contents: ModelContents,
    readonly store: ModelStore,
    readonly reader: ModelReader,
    private readonly documents: UriRegistry<OnnxDocument>,
    private readonly panels: ModelPanels,
    private readonly log: Log,
  ) {}

  async openCustomDocument(uri: vscode.Uri, context: vscode.CustomDocumentOpenContext): Promise<OnnxDocument> {
    const backup = context.backupId === undefined ? undefined : vscode.Uri.parse(context.backupId);
    const document = await OnnxDocument.open(uri, this.contents, backup);
    const registration = this.documents.add(uri, document);
    const watcher = this.followDisk(document);
    document.onDidChangeContent(() => void this.store.refresh(uri));
    document.onDidEdit((edit) => {
      this.changes.fire({ document, ...edit });
    });
    document.onDidDispose(() => {
      registration.dispose();
      watcher.dispose();
      void this.store.refresh(uri);
    });
    await this.store.refresh(uri);
    return document;
  }

  resolveCustomEditor(document: OnnxDocument, webview: vscode.WebviewPanel): void {
    this.panels.create(document.uri, webview);
  }

  saveCustomDocument(document: OnnxDocument): Promise<void> {
    return document.save();
  }

  saveCustomDocumentAs(document: OnnxDocument, destination: vscode.Uri): Promise<void> {
    return this.saveAs(document, destination);
  }

  revertCustomDocument(document: OnnxDocument): Promise<void> {
    return document.revert();
  }

  async backupCustomDocument(
    document: OnnxDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(destination, '..'));
    await document.saveAs(destination);
    return { id: destination.toString(), delete: () => void vscode.workspace.fs.delete(destination) };
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async saveAs(document: OnnxDocument, destination: vscode.Uri): Promise<void> {
    const weights = await saveModelAs(document, destination, this);
    if (weights.length === 0) return;
    const names = weights.map(displayPath).join(t`, `);
    this.log.info(`${displayPath(destination)}: saved with its weights in ${names}`);
    showInStatusBar(t`Shiftlint wrote ${displayPath(destination)} and its weights, ${names}.`);
  }

  /** Watches the document's own file, which need not lie in the workspace. */
  private followDisk(document: OnnxDocument): vscode.Disposable {
    const folder = vscode.Uri.joinPath(document.uri, '..');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, claimsOnnx(document.uri) ? '*.onnx' : '*'));
    const follow = (changed: vscode.Uri): void => {
      if (changed.toString() !== document.uri.toString()) return;
      document.followDisk().catch((error: unknown) => {
        this.log.error(`${changed.path} could not be reloaded.`, error);
      });
    };
    watcher.onDidChange(follow);
    watcher.onDidCreate(follow);
    return watcher;
  }
}
