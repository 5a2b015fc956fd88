import type * as vscode from 'vscode';
import type { ModelPanels } from '../panel/panels';
import type { ModelStore } from './store';

/** `viewType` of the editor for JSON models. */
export const jsonEditorType = 'shiftlint.modelTextEditor';

/** The model editor for JSON models. The text document stays the model; fixes reach it as workspace edits. */
export class JsonEditorProvider implements vscode.CustomTextEditorProvider {
  constructor(
    private readonly store: ModelStore,
    private readonly panels: ModelPanels,
  ) {}

  async resolveCustomTextEditor(document: vscode.TextDocument, webview: vscode.WebviewPanel): Promise<void> {
    await this.store.refresh(document.uri);
    this.panels.create(document.uri, webview);
  }
}
