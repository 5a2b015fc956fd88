import type * as vscode from 'vscode';
import type { ModelReader } from '../../engine/host/model-reader';
import type { FixHistory } from '../models/fix-history';
import type { ModelStore } from '../models/store';
import { ModelPanel, type PanelActions } from './panel';
import { modelPage, pageHtml, pageOptions } from '../platform/page';
import { studiedModel } from './runs/studied-model';
import { PanelStudies, type StudyServices } from './panel-studies';
import type { Settings } from '../settings/settings';
import type { UriRegistry } from '../platform/uri-registry';

/** Makes the panel of a model editor, whichever editor it is. */
export class ModelPanels {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly store: ModelStore,
    private readonly reader: ModelReader,
    private readonly history: FixHistory,
    private readonly settings: (uri: vscode.Uri) => Settings,
    private readonly services: StudyServices,
    private readonly open: UriRegistry<ModelPanel>,
    private readonly actions: PanelActions,
  ) {}

  /** Fills a webview with the model of `uri` until it is closed. */
  create(uri: vscode.Uri, webviewPanel: vscode.WebviewPanel): void {
    const target = {
      uri,
      model: async () => studiedModel(this.reader, await this.store.current(uri)),
      facts: () => {
        const analysis = this.store.get(uri);
        return analysis?.ok === true ? analysis : undefined;
      },
      settings: () => this.settings(uri),
    };
    const studies = new PanelStudies(target, this.services);
    const panel = new ModelPanel(uri, webviewPanel, studies, this.store, this.history, this.actions, this.services.log);
    const registration = this.open.add(uri, panel);
    webviewPanel.onDidDispose(() => {
      registration.dispose();
      panel.dispose();
    });
    webviewPanel.webview.options = pageOptions(this.extensionUri);
    webviewPanel.webview.html = pageHtml(webviewPanel.webview, this.extensionUri, modelPage);
  }
}
