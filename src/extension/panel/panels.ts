import * as vscode from 'vscode';
import { readAll } from '../../core/formats/byte-source';
import { requireFormat } from '../../core/formats/registry';
import type { StudiedModel } from '../../engine/host/studies/variants';
import { payloadSource } from '../../engine/input/source';
import type { ModelContents } from '../models/contents';
import type { ModelStore } from '../models/store';
import { displayPath } from '../models/source';
import { ModelPanel, type PanelActions } from './panel';
import { panelHtml, panelOptions } from './page';
import { PanelStudies, type StudyServices } from './studies';
import { settingsFor } from '../settings/settings';
import type { UriRegistry } from '../platform/uri-registry';

/** Makes the panel of a model editor, whichever editor it is. */
export class ModelPanels {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly contents: ModelContents,
    private readonly store: ModelStore,
    private readonly services: StudyServices,
    private readonly open: UriRegistry<ModelPanel>,
    private readonly actions: PanelActions,
  ) {}

  /** Fills a webview with the model of `uri` until it is closed. */
  create(uri: vscode.Uri, webviewPanel: vscode.WebviewPanel): void {
    const target = {
      uri,
      model: () => this.read(uri),
      graph: () => {
        const analysis = this.store.get(uri);
        return analysis?.ok === true ? analysis.graph : undefined;
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

  private async read(uri: vscode.Uri): Promise<StudiedModel> {
    const bytes = await readAll((await this.contents.read(uri)).bytes);
    const payload = { path: displayPath(uri), bytes, folder: vscode.Uri.joinPath(uri, '..').fsPath, overlay: {} };
    const source = payloadSource(payload);
    const format = await requireFormat(source);
    return { source, format, graph: await format.read(source), payload };
  }
}

/** Measuring runs the model in a process of ours, from files on disk: not in an untrusted or virtual workspace. */
export function mayMeasure(uri: vscode.Uri): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}
