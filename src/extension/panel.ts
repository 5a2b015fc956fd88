import * as vscode from 'vscode';
import type { Metric } from '../core/equivariance/measurement';
import type { FixRequest } from '../core/lint/select-plans';
import { chooseImage, patternInput } from './measure-input';
import type { MeasureSession } from './measure-session';
import type { ModelStore } from './model-store';
import type { FromWebview, ModelView, PanelTab, ToWebview } from './webview-protocol';

/** What a panel asks of the rest of the extension. */
export interface PanelActions {
  view(uri: vscode.Uri): ModelView;
  fix(uri: vscode.Uri, request: FixRequest): Promise<unknown>;
  openDocumentation(rule: string): Promise<void>;
  revealLayer(uri: vscode.Uri, layer: string): Promise<void>;
}

/** One webview that shows one model: passes state to the page, and what the user does there to the extension. */
export class ModelPanel implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly sent = new vscode.EventEmitter<ToWebview>();
  private tab: PanelTab | undefined;
  private version: string | undefined;
  /** Every message to the page, for the host tests. */
  readonly onDidSend = this.sent.event;

  constructor(
    readonly uri: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    readonly session: MeasureSession,
    private readonly store: ModelStore,
    private readonly actions: PanelActions,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.version = store.get(uri)?.version;
    this.subscriptions = [
      session.onDidSend((message) => { this.send(message); }),
      session.onDidFail((message) => void this.offerRetry(message)),
      store.onDidChange((changed) => {
        if (changed.toString() === uri.toString()) this.followModel();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.sendModel(); }),
      panel.webview.onDidReceiveMessage((message: FromWebview) => {
        this.receive(message).catch((error: unknown) => { this.fail(error); });
      }),
    ];
  }

  /** Brings a tab to the front, now or as soon as the page has loaded. */
  showTab(tab: PanelTab): void {
    this.tab = tab;
    this.panel.reveal(undefined, false);
    this.send({ kind: 'show-tab', tab });
  }

  /** Measures the model as it is now, with the last metric where none is given. Resolves when it has ended. */
  async measure(metric?: Metric): Promise<void> {
    const { mayMeasure } = this.actions.view(this.uri);
    if (mayMeasure) await this.session.start(metric);
    else void vscode.window.showWarningMessage('Measuring runs the model: it needs a trusted workspace and a model on disk.');
  }

  /** Handles one message of the page; the host tests speak for the page through it. */
  async receive(message: FromWebview): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.sendAll();
        return;
      case 'fix':
        await this.actions.fix(this.uri, { layers: [message.layer] });
        return;
      case 'fix-all':
        await this.actions.fix(this.uri, 'all');
        return;
      case 'measure':
        return this.measure(message.metric);
      case 'retry':
        return this.measure();
      case 'cancel':
        this.session.cancel();
        return;
      case 'choose-image': {
        const input = await chooseImage(this.uri);
        if (input !== undefined) this.session.useInput(input);
        return;
      }
      case 'use-pattern':
        this.session.useInput(patternInput);
        return;
      case 'open-docs':
        return this.actions.openDocumentation(message.rule);
      case 'reveal-layer':
        return this.actions.revealLayer(this.uri, message.layer);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.session.dispose();
    this.sent.dispose();
  }

  /** Findings may change without the bytes, by a setting say: only new bytes make the maps old. */
  private followModel(): void {
    const version = this.store.get(this.uri)?.version;
    if (version !== this.version) this.session.modelChanged();
    this.version = version;
    this.sendModel();
  }

  private sendAll(): void {
    this.sendModel();
    for (const message of this.session.snapshot()) this.send(message);
    if (this.tab !== undefined) this.send({ kind: 'show-tab', tab: this.tab });
  }

  private sendModel(): void {
    this.send({ kind: 'model', model: this.actions.view(this.uri) });
  }

  private send(message: ToWebview): void {
    this.sent.fire(message);
    void this.panel.webview.postMessage(message);
  }

  private async offerRetry(message: string): Promise<void> {
    const retry = 'Retry';
    if ((await vscode.window.showErrorMessage(message, retry)) === retry) await this.measure();
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message, error);
    void vscode.window.showErrorMessage(message);
  }
}
