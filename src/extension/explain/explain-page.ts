import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { textbookLayer, type ExplainedLayer } from '../../core/explain/explained-layer';
import type { FromExplainPage, ToExplainPage } from '../../panel-protocol/explain';
import { explainPage, pageHtml, pageOptions } from '../platform/page';
import type { RuleDocumentation } from '../platform/rule-documentation';

/** Names the page among VS Code's webviews. */
export const explainPageType = 'shiftlint.explain';

/** The page that explains aliasing on a signal: there is at most one, and it shows the layer that was asked for last. */
export class ExplainPage implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private asked: ToExplainPage | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly documentation: RuleDocumentation,
  ) {}

  /** What the page was last asked to show, while it is open; for the host tests. */
  get shown(): ExplainedLayer | undefined {
    return this.panel === undefined ? undefined : this.asked?.layer;
  }

  /** Shows a layer, in a new page where none is open. */
  show(layer: ExplainedLayer = textbookLayer): void {
    this.asked = { kind: 'explain', request: randomUUID(), layer };
    if (this.panel === undefined) {
      const { Active } = vscode.ViewColumn;
      this.fill(vscode.window.createWebviewPanel(explainPageType, t`Explain Aliasing`, Active, pageOptions(this.extensionUri)));
    } else this.panel.reveal();
    this.send();
  }

  /** Fills the page anew after VS Code was closed; the page itself knows what it showed. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    panel.webview.options = pageOptions(this.extensionUri);
    this.fill(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private fill(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: FromExplainPage) => {
      if (message.kind === 'ready') this.send();
      else void this.documentation.open(message.rule);
    });
    panel.webview.html = pageHtml(panel.webview, this.extensionUri, explainPage);
  }

  /** A page that has not loaded yet asks once it has. */
  private send(): void {
    if (this.asked !== undefined) void this.panel?.webview.postMessage(this.asked);
  }
}
