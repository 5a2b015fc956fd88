import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ExplainedLayer } from '../../core/explain/explained-layer';
import { exportOutcome } from './outcomes/export';
import type { ModelAnalysis } from '../models/analysis';
import type { FixHistory } from '../models/fix-history';
import type { ModelStore } from '../models/store';
import type { PanelStudies } from './panel-studies';
import { chooseFolder, chooseImage } from './inputs/dialogs';
import type { LastFix, RecoveryFolder, WantedFix } from '../../panel-protocol/fixes';
import type { FromPage } from '../../panel-protocol/from-page';
import { messageFromPage } from '../../panel-protocol/parse-from-page';
import { whyNotMeasured, type LayerRow, type ModelView } from '../../panel-protocol/model';
import type { LayerFacts, NetworkPart, WeightFacts } from '../../panel-protocol/network';
import type { StudyName } from '../../panel-protocol/studies/table';
import type { PanelTab } from '../../panel-protocol/tabs';
import type { ToPage } from '../../panel-protocol/to-page';
import { showError, showWarning } from '../platform/notices';
import type { Log } from '../platform/log';

/** What a panel asks of the rest of the extension. */
export interface PanelActions {
  view(uri: vscode.Uri): ModelView;
  /** Layers of the model from the `first` on, as many as are cheap to send; none where there are no more. @throws ModelError */
  layers(uri: vscode.Uri, first: number): Promise<readonly LayerRow[]>;
  /** How these are connected, likewise. @throws ModelError */
  network(uri: vscode.Uri, first: number): Promise<NetworkPart>;
  /** Null where the model does not have the layer. @throws ModelError */
  facts(uri: vscode.Uri, layer: string): Promise<LayerFacts | null>;
  /** @throws ModelError */
  weights(uri: vscode.Uri, layer: string): Promise<readonly WeightFacts[]>;
  /** Leaves the findings of a rule alone: at the layer of this label, or everywhere where it is null. */
  ignore(uri: vscode.Uri, rule: string, layer: string | null): Promise<void>;
  fix(uri: vscode.Uri, fix: WantedFix): Promise<unknown>;
  fixAndRecover(uri: vscode.Uri, fix: WantedFix, folder: RecoveryFolder): Promise<unknown>;
  /** The latest fix of the model that stands. */
  lastFix(uri: vscode.Uri): LastFix | null;
  /** Takes it back. @param undo by the editor that shows the model, which it brings to the front */
  undoFix(uri: vscode.Uri, undo: () => Promise<void>): Promise<void>;
  openDocumentation(rule: string): Promise<void>;
  explain(layer: ExplainedLayer): void;
  revealLayer(uri: vscode.Uri, layer: string): Promise<void>;
}

/** One webview that shows one model: passes state to the page, and what the user does there to the extension. */
export class ModelPanel implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly sent = new vscode.EventEmitter<ToPage>();
  private tab: PanelTab | undefined;
  /** Until the page has loaded, or its user has gone on. */
  private goal: string | undefined;
  private judged: string;
  /** Counts the models that the page was told of. */
  private telling = 0;
  /** Every message to the page, for the host tests. */
  readonly onDidSend = this.sent.event;

  constructor(
    readonly uri: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    readonly studies: PanelStudies,
    private readonly store: ModelStore,
    history: Pick<FixHistory, 'onDidChange' | 'onWillFix'>,
    private readonly actions: PanelActions,
    private readonly log: Log,
  ) {
    this.judged = judgedState(store.get(uri));
    this.subscriptions = [
      studies.onDidSend((message) => {
        this.send(message);
      }),
      studies.onDidFail(({ study, message }) => void this.offerRetry(study, message)),
      store.onDidChange((changed) => {
        if (changed.toString() === uri.toString()) this.followModel();
      }),
      history.onWillFix((changed) => {
        if (changed.toString() === uri.toString()) studies.keepFormer();
      }),
      history.onDidChange((changed) => {
        if (changed.toString() === uri.toString()) this.sendLastFix();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.sendModel();
      }),
      panel.webview.onDidReceiveMessage((sent: unknown) => {
        const message = messageFromPage(sent);
        if (message === undefined) return;
        this.receive(message).catch((error: unknown) => {
          this.fail(error);
        });
      }),
    ];
    studies.reconsider();
  }

  /** Brings a tab to the front, now or as soon as the page has loaded. */
  showTab(tab: PanelTab): void {
    this.tab = tab;
    this.panel.reveal(undefined, false);
    this.send({ kind: 'show-tab', tab });
  }

  /** Leads the user to the row of a layer, now or as soon as the page has loaded. */
  showLayer(layer: string): void {
    this.goal = layer;
    this.panel.reveal(undefined, false);
    this.send({ kind: 'show-layer', layer });
  }

  /** Runs a study on the model as it is now. Resolves when the run has ended. */
  async start(study: StudyName): Promise<void> {
    if (!this.mayMeasure()) return;
    if (!this.studies.lacksFolder(study) || (await this.chooseFolder())) await this.studies.start(study);
  }

  /** Tells the user where not. */
  private mayMeasure(): boolean {
    const { mayMeasure } = this.actions.view(this.uri);
    if (!mayMeasure) void showWarning(whyNotMeasured);
    return mayMeasure;
  }

  /** Handles one message of the page; the host tests speak for the page through it. */
  async receive(message: FromPage): Promise<void> {
    if (message.kind !== 'ready') this.goal = undefined;
    switch (message.kind) {
      case 'ready':
        this.sendAll();
        return;
      case 'fix':
        await this.actions.fix(this.uri, message.fix);
        return;
      case 'fix-and-recover':
        await this.actions.fixAndRecover(this.uri, message.fix, message.folder);
        return;
      case 'undo-fix':
        return this.actions.undoFix(this.uri, () => this.undo());
      case 'start':
        return this.start(message.study);
      case 'cancel':
        this.studies.cancel(message.study);
        return;
      case 'show-features':
        if (this.mayMeasure()) await this.studies.features.show(message.wanted);
        return;
      case 'cancel-features':
        this.studies.features.cancel();
        return;
      case 'choose':
        this.studies.choose({ choices: message.choices });
        return;
      case 'choose-image': {
        const image = await chooseImage(this.uri);
        if (image !== undefined) this.studies.choose({ image });
        return;
      }
      case 'use-pattern':
        this.studies.choose({ image: null });
        return;
      case 'choose-folder':
        await this.chooseFolder();
        return;
      case 'export': {
        const exported = this.studies.exported(message.study);
        if (exported !== undefined) await exportOutcome(exported);
        return;
      }
      case 'ignore':
        return this.actions.ignore(this.uri, message.rule, message.layer);
      case 'open-docs':
        return this.actions.openDocumentation(message.rule);
      case 'show-network':
        return this.sendNetwork();
      case 'show-facts': {
        const facts = await this.actions.facts(this.uri, message.layer);
        if (facts !== null) this.send({ kind: 'facts', facts });
        return;
      }
      case 'show-weights':
        return this.sendWeights(message.layer);
      case 'explain':
        this.actions.explain(message.explained);
        return;
      case 'reveal-layer':
        return this.actions.revealLayer(this.uri, message.layer);
    }
  }

  dispose(): void {
    this.telling++;
    for (const subscription of this.subscriptions) subscription.dispose();
    this.studies.dispose();
    this.sent.dispose();
  }

  /** Findings may change without the bytes, by a setting say: only new bytes or another image size make outcomes old. */
  private followModel(): void {
    const judged = judgedState(this.store.get(this.uri));
    if (judged !== this.judged) this.studies.modelChanged();
    this.judged = judged;
    this.sendModel();
  }

  private async chooseFolder(): Promise<boolean> {
    const folder = await chooseFolder(this.uri);
    if (folder !== undefined) this.studies.choose({ folder });
    return folder !== undefined;
  }

  private sendAll(): void {
    this.sendModel();
    for (const message of this.studies.snapshot()) this.send(message);
    if (this.tab !== undefined) this.send({ kind: 'show-tab', tab: this.tab });
    if (this.goal !== undefined) this.send({ kind: 'show-layer', layer: this.goal });
  }

  /** VS Code keeps the stack of edits, and undoes the latest one of the editor in front. */
  private async undo(): Promise<void> {
    this.panel.reveal(undefined, false);
    await vscode.commands.executeCommand('undo');
  }

  private sendModel(): void {
    const model = this.actions.view(this.uri);
    this.send({ kind: 'model', model });
    this.sendLastFix();
    this.sendLayers(model.layerCount).catch((error: unknown) => {
      this.log.error('The layers could not be shown.', error);
    });
  }

  private sendLastFix(): void {
    this.send({ kind: 'last-fix', fix: this.actions.lastFix(this.uri) });
  }

  /** Page by page, so that the editor is never held up; ends where the model is another one meanwhile. */
  private async sendLayers(count: number): Promise<void> {
    const telling = ++this.telling;
    for (let first = 0; first < count;) {
      const layers = await this.actions.layers(this.uri, first);
      if (telling !== this.telling || layers.length === 0) return;
      this.send({ kind: 'layers', first, layers });
      first += layers.length;
    }
  }

  /** Page by page, too; the page asks again for another model. */
  private async sendNetwork(): Promise<void> {
    const { telling } = this;
    const { layerCount } = this.actions.view(this.uri);
    for (let first = 0; first < layerCount;) {
      const part = await this.actions.network(this.uri, first);
      if (telling !== this.telling || part.nodes.length === 0) return;
      this.send({ kind: 'network', first, ...part });
      first += part.nodes.length;
    }
  }

  private async sendWeights(layer: string): Promise<void> {
    try {
      this.send({ kind: 'weights', layer, weights: await this.actions.weights(this.uri, layer), error: null });
    } catch (error) {
      this.send({ kind: 'weights', layer, weights: [], error: error instanceof Error ? error.message : String(error) });
    }
  }

  private send(message: ToPage): void {
    this.sent.fire(message);
    void this.panel.webview.postMessage(message);
  }

  /** A page that is in view says it itself, and offers the same. */
  private async offerRetry(study: StudyName, message: string): Promise<void> {
    this.log.error(message);
    if (this.panel.visible) return;
    const retry = t`Retry`;
    if ((await showError(message, retry)) === retry) await this.start(study);
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message, error);
    void showError(message);
  }
}

/** Tells one state of a model that outcomes depend on from another. */
function judgedState(analysis: ModelAnalysis | undefined): string {
  return `${analysis?.version} ${analysis?.imageSize?.join('x')}`;
}
