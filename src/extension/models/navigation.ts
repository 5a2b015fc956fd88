import * as vscode from 'vscode';
import { jsonEditorType } from './json-editor';
import type { ModelReader } from '../../engine/host/model-reader';
import type { ModelStore } from './store';
import { onnxEditorOf } from './onnx-editor';
import { readableModel } from './readable';
import type { ModelPanel } from '../panel/panel';
import type { UriRegistry } from '../platform/uri-registry';

/** Opens models and shows layers, in the editor that fits the format. */
export class Navigation {
  constructor(
    private readonly store: ModelStore,
    private readonly reader: ModelReader,
    private readonly panels: UriRegistry<ModelPanel>,
  ) {}

  /** The model editor of a file, opened where it is not open yet. */
  async openModelEditor(uri: vscode.Uri): Promise<ModelPanel> {
    await vscode.commands.executeCommand('vscode.openWith', uri, this.store.isOnnx(uri) ? onnxEditorOf(uri) : jsonEditorType);
    return this.panels.whenAdded(uri);
  }

  /** Shows the layer's JSON node; an ONNX file has no text, there the layer's row in the model editor is shown. */
  async revealLayer(uri: vscode.Uri, layer: string): Promise<void> {
    if (this.store.isOnnx(uri)) {
      (await this.openModelEditor(uri)).showLayer(layer);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const analysis = await this.store.refresh(uri);
    const place = analysis?.ok === true ? await this.reader.ask('locate', readableModel(analysis), { layer }) : null;
    const start = document.positionAt(place?.offset ?? 0);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
  }
}
