import * as vscode from 'vscode';
import { readAll } from '../../core/formats/byte-source';
import type { PlacedModel } from '../../engine/host/placed-model';
import type { ModelStore } from '../models/store';
import { displayPath } from '../platform/display-path';
import { ModelPanel, type PanelActions } from './panel';
import { panelHtml, panelOptions } from './page';
import { PanelStudies, type StudyServices } from './panel-studies';
import { settingsFor } from '../settings/settings';
import type { UriRegistry } from '../platform/uri-registry';

/** Makes the panel of a model editor, whichever editor it is. */
export class ModelPanels {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly store: ModelStore,
    private readonly services: StudyServices,
    private readonly open: UriRegistry<ModelPanel>,
    private readonly actions: PanelActions,
  ) {}

  /** Fills a webview with the model of `uri` until it is closed. */
  create(uri: vscode.Uri, webviewPanel: vscode.WebviewPanel): void {
    const target = {
      uri,
      model: () => this.placed(uri),
      graph: () => {
        const analysis = this.store.get(uri);
        return analysis?.ok === true ? analysis.model.graph : undefined;
      },
      settings: () => settingsFor(uri),
    };
    const studies = new PanelStudies(target, this.services);
    const panel = new ModelPanel(uri, webviewPanel, studies, this.store, this.actions, this.services.log);
    const registration = this.open.add(uri, panel);
    webviewPanel.onDidDispose(() => {
      registration.dispose();
      panel.dispose();
    });
    webviewPanel.webview.options = panelOptions(this.extensionUri);
    webviewPanel.webview.html = panelHtml(webviewPanel.webview, this.extensionUri);
  }

  private async placed(uri: vscode.Uri): Promise<PlacedModel> {
    const { model, content } = await this.store.current(uri);
    const bytes = await readAll(content.bytes);
    return { ...model.model, payload: { path: displayPath(uri), bytes, folder: vscode.Uri.joinPath(uri, '..').fsPath, overlay: {} } };
  }
}

/** Measuring runs the model in a process of ours, from files on disk: not in an untrusted or virtual workspace. */
export function mayMeasure(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}
