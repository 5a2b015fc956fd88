import * as vscode from 'vscode';
import type { FileChange } from '../../code/protocol';
import type { JudgedFile } from '../../code/finding';
import { sourceLanguage } from '../../code/source-language';
import type { RuleId } from '../../core/rules/registry';
import { Debouncer } from '../platform/debounce';
import { displayPath } from '../platform/display-path';
import type { Log } from '../platform/log';
import { mayBeFolder } from '../platform/may-be-folder';
import { Turns } from '../platform/turns';
import { isJudged } from '../settings/exclusion';
import { settingsFor, settingsSection } from '../settings/settings';
import { diagnosticAt, locationOf, rangeOf, relatedAt } from './code-diagnostic';
import type { CodeWorker } from './code-worker';
import type { CodeDocuments } from './documents';
import { findCode } from './find-code';
import { placeOnDisk } from './workspace-place';

/** What judging the workspace came to. */
export interface WorkspaceSummary {
  readonly findings: number;
  /** Files that have some. */
  readonly withFindings: number;
  /** Files that were judged, and how many there were to judge. */
  readonly judged: number;
  readonly files: number;
}

/** How far judging the workspace has come. */
export type WorkspaceProgress = (judged: number, files: number) => void;

const lookAgainMs = 500;

/** Tells the worker files from documents that an editor holds. */
const prefix = 'disk:';

/**
 * Judges all sources of the workspace, those that no editor holds included, once that was asked for, and keeps their findings fresh from
 * then on. Files go to the worker one by one, so that whatever is typed meanwhile waits for one file at most; this thread makes entries
 * of Problems, a few milliseconds a turn. What an editor holds and is judged there is left to that.
 */
export class WorkspaceLint implements vscode.Disposable {
  /** Files that were judged, and how many findings they have on the disk. */
  private readonly counts = new Map<string, number>();
  private readonly queue = new Map<string, vscode.Uri>();
  private readonly pause = new Debouncer(lookAgainMs);
  private working: Promise<void> | undefined;
  /** Counts what was asked for, so that what an earlier asking still does is told from the latest. */
  private round = 0;
  private isActive = false;
  /** True where the user has stopped it: then what was not judged is left alone. */
  private isPartial = false;
  private onJudged: (key: string) => void = () => undefined;
  private readonly disposables: { dispose(): unknown }[];

  constructor(
    private readonly collection: vscode.DiagnosticCollection,
    private readonly documents: CodeDocuments,
    private readonly worker: CodeWorker,
    private readonly pageOf: (rule: RuleId) => vscode.Uri,
    private readonly log: Log,
  ) {
    const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
    // A folder that is moved or deleted as a whole may be reported alone, without the files in it.
    const lookInside = (uri: vscode.Uri): void => {
      if (mayBeFolder(uri)) this.lookAgain();
    };
    this.disposables = [
      this.pause,
      folders,
      folders.onDidCreate(lookInside),
      folders.onDidDelete(lookInside),
      documents.onDidJudge(({ source }) => {
        if (this.collection.has(source.file)) this.collection.delete(source.file);
      }),
      documents.onDidLeave(({ key, file }) => {
        if (this.counts.has(key)) this.judgeSoon([file]);
      }),
      documents.onDidConcern((keys) => {
        const own = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
        this.judgeSoon(own.filter((key) => this.counts.has(key)).map((key) => vscode.Uri.parse(key)));
      }),
      documents.onDidChangeFiles((files) => {
        this.changed(files);
      }),
      // What was judged before a worker ended, the next one is to keep fresh; what it may have ended over is not among that.
      documents.onDidStartWorker(() => {
        this.judgeSoon(Array.from(this.counts.keys(), (key) => vscode.Uri.parse(key)));
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.lookAgain();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingsSection) || change.affectsConfiguration('files.exclude')) this.lookAgain();
      }),
    ];
  }

  /** Judges every source of the workspace; what was cancelled keeps what has been found until then. */
  async judgeAll(progress: WorkspaceProgress, token: vscode.CancellationToken): Promise<WorkspaceSummary> {
    this.isActive = true;
    this.isPartial = false;
    this.round++;
    const found = await this.look();
    // Files that change meanwhile are judged again, and count once.
    const waiting = new Set(found.map(String));
    this.onJudged = (key) => {
      if (waiting.delete(key)) progress(found.length - waiting.size, found.length);
    };
    const stop = (): void => {
      this.isPartial = true;
      this.queue.clear();
    };
    const cancelled = token.onCancellationRequested(stop);
    if (token.isCancellationRequested) stop();
    try {
      await this.work();
    } finally {
      cancelled.dispose();
      this.onJudged = () => undefined;
    }
    return this.summary(found.length, found.length - waiting.size);
  }

  /** Judges everything again in the background: another `shiftlint.json` holds, files have moved. */
  lookAgain(): void {
    if (!this.isActive) return;
    this.pause.schedule('', () => {
      this.look()
        .then(() => this.work())
        .catch((error: unknown) => {
          this.log.error('The workspace could not be searched for model code.', error);
        });
    });
  }

  /** Takes the findings of files that no editor holds out of Problems, and keeps none fresh any more. */
  clear(): void {
    this.round++;
    this.isActive = false;
    this.queue.clear();
    this.tellWorker([...this.counts.keys()]);
    this.counts.clear();
    this.collection.clear();
  }

  dispose(): void {
    this.clear();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Puts every source into the queue and drops what is no longer one. */
  private async look(): Promise<readonly vscode.Uri[]> {
    const found = await findCode();
    if (!this.isActive) return [];
    const keys = new Set(found.map(String));
    for (const key of this.counts.keys()) if (!keys.has(key)) this.drop(key);
    this.queue.clear();
    for (const uri of found) if (!this.isPartial || this.counts.has(uri.toString())) this.queue.set(uri.toString(), uri);
    return found;
  }

  private changed(files: readonly FileChange[]): void {
    const sources = files.flatMap(({ file, isNew }) => {
      const uri = vscode.Uri.file(file);
      if (sourceLanguage(file) === undefined) return [];
      if (this.counts.has(uri.toString())) return [uri];
      // Whether a new one is wanted, the search knows.
      if (isNew) this.lookForNew();
      return [];
    });
    this.judgeSoon(sources);
  }

  private lookForNew(): void {
    if (!this.isActive || this.isPartial) return;
    this.pause.schedule('new', () => {
      findCode().then(
        (found) => {
          this.judgeSoon(found.filter((uri) => !this.counts.has(uri.toString())));
        },
        (error: unknown) => {
          this.log.error('The workspace could not be searched for new model code.', error);
        },
      );
    });
  }

  private judgeSoon(uris: readonly vscode.Uri[]): void {
    if (!this.isActive || uris.length === 0) return;
    for (const uri of uris) this.queue.set(uri.toString(), uri);
    void this.work();
  }

  private work(): Promise<void> {
    this.working ??= this.judgeQueue();
    return this.working;
  }

  private async judgeQueue(): Promise<void> {
    // Whoever asks must find what works before it ends.
    await Promise.resolve();
    const turns = new Turns();
    try {
      for (let [next] = this.queue; next !== undefined; [next] = this.queue) {
        const [key, uri] = next;
        this.queue.delete(key);
        await this.judge(key, uri);
        this.onJudged(key);
        await turns.pause();
      }
    } finally {
      this.working = undefined;
    }
  }

  private async judge(key: string, uri: vscode.Uri): Promise<void> {
    const place = placeOnDisk(uri);
    const language = sourceLanguage(uri.path);
    if (place === undefined || language === undefined || !isJudged(uri)) {
      this.drop(key);
      return;
    }
    if (this.documents.isFollowed(key)) {
      this.counts.set(key, 0);
      return;
    }
    try {
      const options = { severities: settingsFor(uri).severities };
      const judged = await this.worker.request('lintFile', { document: prefix + key, language, place, options });
      if (!this.isActive) this.tellWorker([key]);
      else if (judged === null) this.drop(key);
      else await this.show(key, uri, judged);
    } catch (error) {
      this.drop(key);
      this.log.error(`${displayPath(uri)} could not be judged.`, error);
    }
  }

  private async show(key: string, uri: vscode.Uri, { findings, notices }: JudgedFile): Promise<void> {
    const { round } = this;
    const turns = new Turns();
    const top = new vscode.Range(0, 0, 0, 1);
    const diagnostics = notices.map((notice) => diagnosticAt(top, notice));
    for (const finding of findings) {
      if ((await turns.pause()) && this.round !== round) return;
      const diagnostic = diagnosticAt(rangeOf(finding), { ...finding, code: { value: finding.rule, target: this.pageOf(finding.rule) } });
      diagnostic.relatedInformation = finding.related.map(({ place, message }) => relatedAt(locationOf(place), message));
      diagnostics.push(diagnostic);
    }
    this.counts.set(key, findings.length);
    if (diagnostics.length === 0 || this.documents.isFollowed(key)) this.collection.delete(uri);
    else this.collection.set(uri, diagnostics);
  }

  private drop(key: string): void {
    if (!this.counts.delete(key)) return;
    this.collection.delete(vscode.Uri.parse(key));
    this.tellWorker([key]);
  }

  private tellWorker(forgotten: readonly string[]): void {
    if (forgotten.length === 0 || !this.worker.running) return;
    this.worker.request('forget', { documents: forgotten.map((key) => prefix + key) }).catch((error: unknown) => {
      this.log.debug(`The worker did not hear that files are no longer shown: ${String(error)}`);
    });
  }

  private summary(files: number, judged: number): WorkspaceSummary {
    const counts = Array.from(this.counts, ([key, count]) => (this.documents.isFollowed(key) ? this.documents.countOf(key) : count));
    return {
      findings: counts.reduce((sum, count) => sum + count, 0),
      withFindings: counts.filter((count) => count > 0).length,
      judged,
      files,
    };
  }
}
