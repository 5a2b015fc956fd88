import * as vscode from 'vscode';
import type { FileChange } from '../../core/formats/format';
import type { UriRegistry } from '../platform/uri-registry';
import type { JudgedModel } from './analysis';
import { changedMeanwhile } from './changed-meanwhile';
import type { ModelContents } from './contents';
import type { OnnxDocument } from './onnx-document';
import { onnxEditorOf } from './onnx-editor';
import type { ModelStore } from './store';
import { textFix } from './text-fix';

/** Changes models by edits that the user can undo and that only they save: in the text document, or in the model editor for ONNX. */
export class ModelEdits {
  constructor(
    private readonly contents: ModelContents,
    private readonly onnxDocuments: UriRegistry<OnnxDocument>,
    private readonly store: Pick<ModelStore, 'isOnnx'>,
  ) {}

  /** Opens what will be edited, so that a change is made from what it holds. @throws vscode.FileSystemError, Error */
  async open(uri: vscode.Uri): Promise<void> {
    if (this.store.isOnnx(uri)) await this.onnxDocument(uri);
    else await vscode.workspace.openTextDocument(uri);
  }

  /**
   * Applies a change as one edit.
   *
   * @param judged what the change was made from @throws Error where the model is another one by now
   */
  async apply({ uri, version }: JudgedModel, label: string, change: FileChange): Promise<void> {
    if (change.kind === 'binary') {
      await (await this.onnxDocument(uri)).replace(label, version, change);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const { edit, discard } = await textFix(document, change);
    const isUnchanged = (await this.contents.of(uri)).version === version;
    if (isUnchanged && (await vscode.workspace.applyEdit(edit))) return;
    await discard();
    throw changedMeanwhile(uri);
  }

  private async onnxDocument(uri: vscode.Uri): Promise<OnnxDocument> {
    if (this.onnxDocuments.get(uri) === undefined) await vscode.commands.executeCommand('vscode.openWith', uri, onnxEditorOf(uri));
    return this.onnxDocuments.whenAdded(uri);
  }
}
