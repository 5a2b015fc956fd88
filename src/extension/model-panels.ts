import * as vscode from 'vscode';
import { readAll } from '../core/formats/byte-source';
import type { EngineClient } from '../engine/client';
import { MeasureSession } from './measure-session';
import type { ModelContents } from './model-contents';
import type { ModelStore } from './model-store';
import { displayPath } from './model-source';
import { ModelPanel, type PanelActions } from './panel';
import { panelHtml, panelOptions } from './panel-html';
import { settingsFor } from './settings';
import type { UriRegistry } from './uri-registry';

/** Makes the panel of a model editor, whichever editor it is. */
export class ModelPanels {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly contents: ModelContents,
    private readonly store: ModelStore,
    private readonly engine: EngineClient,
    private readonly open: UriRegistry<ModelPanel>,
    private readonly actions: PanelActions,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Fills a webview with the model of `uri` until it is closed. */
  create(uri: vscode.Uri, webviewPanel: vscode.WebviewPanel): void {
    const session = new MeasureSession(
      this.engine,
      {
        payload: async () => ({
          path: displayPath(uri),
          bytes: await readAll((await this.contents.read(uri)).bytes),
          folder: vscode.Uri.joinPath(uri, '..').fsPath,
          overlay: {},
        }),
        memoryBudgetBytes: () => settingsFor(uri).memoryBudgetBytes,
      },
      this.log,
    );
    const panel = new ModelPanel(uri, webviewPanel, session, this.store, this.actions, this.log);
    const registration = this.open.add(uri, panel);
    webviewPanel.onDidDispose(() => {
      registration.dispose();
      panel.dispose();
    });
    webviewPanel.webview.options = panelOptions(this.extensionUri);
    webviewPanel.webview.html = panelHtml(webviewPanel.webview, this.extensionUri);
  }
}

/** Measuring runs the model in a process of ours, from files on disk: not in an untrusted or virtual workspace. */
export function mayMeasure(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}
