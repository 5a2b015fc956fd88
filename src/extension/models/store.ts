import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { AxisPair } from '../../core/graph/model-graph';
import type { LintOptions } from '../../core/lint/lint-options';
import { asModelError, ModelError } from '../../core/model-error';
import type { ModelReader } from '../../engine/host/model-reader';
import { analyseModel, type JudgedModel, type ModelAnalysis, type UnreadableModel } from './analysis';
import { claimsOnnx } from './claims-onnx';
import type { ModelContent, ModelContents } from './contents';
import type { SizedModel } from './readable';
import { displayPath } from '../platform/display-path';
import type { Settings } from '../settings/settings';
import type { Log } from '../platform/log';

/** Why a file is looked at again although its version is known: for a command or a setting, or for the files beside it. */
export type RefreshReason = 'asked' | 'weights-changed';

/** What each model is judged by. */
export interface WantedJudging {
  /** The image size that it is judged for where it leaves its own open; undefined for all sizes. */
  imageSize(uri: vscode.Uri): AxisPair | undefined;
  /** The settings, with what was chosen for this model. */
  settings(uri: vscode.Uri): Settings;
}

/** Every model known to the window with its findings. The only state that diagnostics, tree, status and panels show. */
export class ModelStore implements vscode.Disposable {
  private readonly analyses = new Map<string, ModelAnalysis>();
  /** Version of files that turned out not to be models, so that they are not read again. */
  private readonly otherFiles = new Map<string, string>();
  private readonly pending = new Map<string, Promise<ModelAnalysis | undefined>>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  /** Fires after the analysis of a file was made, replaced or dropped. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly contents: ModelContents,
    private readonly reader: ModelReader,
    private readonly wanted: WantedJudging,
    private readonly log: Log,
  ) {}

  /** The latest analysis; may lag behind the file while a refresh runs. */
  get(uri: vscode.Uri): ModelAnalysis | undefined {
    return this.analyses.get(uri.toString());
  }

  /** Whether a file holds an ONNX model, as far as is known: by its content where it has another name. */
  isOnnx(uri: vscode.Uri): boolean {
    const analysis = this.get(uri);
    return claimsOnnx(uri) || (analysis?.ok === true && analysis.format.id === 'onnx');
  }

  /** All models, sorted by path. */
  all(): readonly ModelAnalysis[] {
    return [...this.analyses.values()].sort((a, b) => a.uri.path.localeCompare(b.uri.path));
  }

  /**
   * Brings the analysis up to date and answers with it; undefined for a file that is not a model. Calls for one file
   * run one after the other, and a file whose version and image size are known is not read again without a reason. A version whose reading
   * had to be ended is left alone for good: only other bytes, in it or beside it, or another image size, can be read better.
   */
  refresh(uri: vscode.Uri, reason?: RefreshReason): Promise<ModelAnalysis | undefined> {
    const key = uri.toString();
    const previous = this.pending.get(key) ?? Promise.resolve(undefined);
    const next = previous.then(() => this.update(uri, reason));
    this.pending.set(key, next);
    void next.finally(() => {
      if (this.pending.get(key) === next) this.pending.delete(key);
    });
    return next;
  }

  /**
   * A model as it is now, judged: what is fixed and measured. A file that the settings keep from being judged is judged for this once.
   * @throws ModelError where it cannot be used
   */
  async current(uri: vscode.Uri): Promise<JudgedModel> {
    const judged = await this.refresh(uri);
    const settings = this.wanted.settings(uri);
    const model = { uri, content: await this.contents.of(uri), imageSize: this.wanted.imageSize(uri) };
    const analysis = isOf(model, settings, judged) ? judged : await analyseModel(this.reader, model, settings);
    if (analysis === undefined) throw new ModelError('not-a-model', t`${displayPath(uri)} is not a model Shiftlint knows.`);
    if (!analysis.ok) throw new ModelError(analysis.error.code, analysis.error.message);
    return analysis;
  }

  /** Drops a file that is gone or no longer of interest. */
  forget(uri: vscode.Uri): void {
    this.otherFiles.delete(uri.toString());
    if (this.analyses.delete(uri.toString())) this.changes.fire(uri);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async update(uri: vscode.Uri, reason: RefreshReason | undefined): Promise<ModelAnalysis | undefined> {
    const key = uri.toString();
    const settings = this.wanted.settings(uri);
    if (!settings.enable) {
      this.forget(uri);
      return undefined;
    }
    const known = this.analyses.get(key);
    let content: ModelContent | undefined;
    if (reason === 'weights-changed') this.contents.changedBeside(uri);
    try {
      content = await this.contents.of(uri);
      const { version } = content;
      const model = { uri, content, imageSize: this.wanted.imageSize(uri) };
      const isKnown = isOf(model, settings, known) || this.otherFiles.get(key) === version;
      if (isKnown && (reason === undefined || (reason === 'asked' && wasStopped(known)))) return known;
      if (content.exceeds(settings.maxFileSizeBytes)) return this.keep(tooLarge(model));
      const analysis = await analyseModel(this.reader, model, settings);
      if (await this.isStale(uri, content)) return known;
      if (analysis !== undefined) return this.keep(analysis);
      this.forget(uri);
      this.otherFiles.set(key, version);
      return undefined;
    } catch (error) {
      return (await this.isStale(uri, content)) ? known : this.failed(uri, error);
    }
  }

  /** An editor's change is looked at on its own account; what is shown until then stays. */
  private async isStale(uri: vscode.Uri, content: ModelContent | undefined): Promise<boolean> {
    return content?.isEdited === true && (await this.contents.of(uri).catch(() => undefined))?.version !== content.version;
  }

  private keep(analysis: ModelAnalysis): ModelAnalysis {
    const key = analysis.uri.toString();
    this.otherFiles.delete(key);
    this.analyses.set(key, analysis);
    const outcome = analysis.ok ? `${analysis.findingCount} findings` : analysis.error.message;
    this.log.info(`${displayPath(analysis.uri)}: ${outcome}`);
    this.changes.fire(analysis.uri);
    return analysis;
  }

  private failed(uri: vscode.Uri, error: unknown): ModelAnalysis | undefined {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      this.forget(uri);
      return undefined;
    }
    this.log.error(`${displayPath(uri)} could not be judged.`, error);
    const { code, message } = error instanceof vscode.FileSystemError ? unreadable(uri, error) : asModelError(error, displayPath(uri));
    return this.keep({ ok: false, uri, version: 'failed', imageSize: undefined, error: { code, message } });
  }
}

/** Whether an analysis is of this content, for this image size, with fixes of the blur that is wanted now. */
function isOf({ content, imageSize }: SizedModel, settings: Settings, analysis: ModelAnalysis | undefined): analysis is ModelAnalysis {
  if (analysis?.version !== content.version || analysis.imageSize?.join() !== imageSize?.join()) return false;
  return !analysis.ok || sameBlur(analysis.lint, settings);
}

function sameBlur(one: Pick<LintOptions, 'filter' | 'plan'>, other: Pick<Settings, 'filter' | 'plan'>): boolean {
  return one.filter?.name === other.filter.name && one.plan?.padding === other.plan.padding;
}

function wasStopped(known: ModelAnalysis | undefined): known is UnreadableModel {
  return known?.ok === false && known.error.code === 'stopped';
}

/** What the file system says of a file is no fault of ours. */
function unreadable(uri: vscode.Uri, { message }: vscode.FileSystemError): ModelError {
  return new ModelError('unreadable', t`${displayPath(uri)} could not be read: ${message}`);
}

function tooLarge({ uri, content: { version, size }, imageSize }: SizedModel): ModelAnalysis {
  const megabytes = Math.round(size() / 1024 / 1024);
  const message = t`${displayPath(uri)} has ${megabytes} MB, more than "shiftlint.maxFileSizeMB" allows: raise the setting to have it judged.`;
  return { ok: false, uri, version, imageSize, error: { code: 'too-large', message } };
}
