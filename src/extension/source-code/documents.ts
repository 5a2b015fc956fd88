import * as vscode from 'vscode';
import type { CodeFinding, CodeNotice } from '../../code/finding';
import type { CodeLintOptions, CodeRequests, FileChange } from '../../code/protocol';
import { importsFramework } from '../../code/imports';
import { grammars, sourceLanguage } from '../../code/source-language';
import { tooLongNotice } from '../../code/too-long';
import type { CodeWorker } from './code-worker';
import { DocumentSource, notebookKey, NotebookSource, type CodeSource } from './source';
import { Debouncer } from '../platform/debounce';
import { isJudged } from '../settings/exclusion';
import { settingsFor, settingsSection } from '../settings/settings';
import type { Log } from '../platform/log';
import { displayPath } from '../platform/display-path';
import { isClosed, WaitingSources } from './waiting-sources';
import { SourceChanges, workspacePlace } from './workspace-place';

/** What was found in one version of a source. */
export interface CodeJudgement {
  readonly source: CodeSource;
  readonly version: number;
  readonly findings: readonly CodeFinding[];
  readonly notices: readonly CodeNotice[];
}

const typingPauseMs = 150;

/** Where imports stand in a source that is too long to be judged. */
const headCharacters = 1 << 16;

/** Documents that show another state of a file, or no file at all. */
const skippedSchemes: ReadonlySet<string> = new Set(['git', 'output', 'vscode-scm', 'vscode-local-history', 'vscode-chat-code-block']);

/**
 * Follows the open documents and notebooks in the languages that are judged, from the moment they import a supported
 * framework, or a file of the workspace that does, and keeps their findings up to date. Changes are sent to the worker at
 * once, so that it parses while the user types; it is asked for findings once the typing pauses.
 */
export class CodeDocuments implements vscode.Disposable {
  private readonly sources = new Map<string, DocumentSource | NotebookSource>();
  /** Those of which no more is said than that they are too long: their text is never fetched. */
  private readonly tooLong = new Map<string, CodeJudgement>();
  private readonly judgements = new Map<string, CodeJudgement>();
  /** Those that lead to no framework, so far. */
  private readonly waiting: WaitingSources;
  private readonly typing = new Debouncer(typingPauseMs);
  private readonly judged = new vscode.EventEmitter<CodeJudgement>();
  private readonly followed = new vscode.EventEmitter<CodeSource>();
  private readonly left = new vscode.EventEmitter<CodeSource>();
  /** Fires when findings of the text as it is now have arrived. */
  readonly onDidJudge = this.judged.event;
  /** Fires when a document turns out to import a framework. */
  readonly onDidFollow = this.followed.event;
  /** Fires when a document is closed, excluded or switched off. */
  readonly onDidLeave = this.left.event;
  private readonly unfollowed = new vscode.EventEmitter<readonly string[]>();
  /** Fires when sources of which nobody has an editor may be judged otherwise than before. */
  readonly onDidConcern = this.unfollowed.event;
  private readonly files = new vscode.EventEmitter<readonly FileChange[]>();
  /** Fires when sources have changed on the disk, after the worker was told. */
  readonly onDidChangeFiles = this.files.event;
  private readonly begun = new vscode.EventEmitter<CodeSource>();
  /** Fires when what was found of a source no longer holds, and it is to be judged again. */
  readonly onDidBegin = this.begun.event;
  private readonly workers = new vscode.EventEmitter<void>();
  /** Fires when a worker has started. */
  readonly onDidStartWorker = this.workers.event;
  private readonly disposables: { dispose(): unknown }[] = [
    this.begun,
    this.workers,
    this.typing,
    this.judged,
    this.followed,
    this.left,
    this.unfollowed,
    this.files,
  ];

  constructor(
    private readonly worker: CodeWorker,
    private readonly log: Log,
  ) {
    const { workspace } = vscode;
    this.waiting = new WaitingSources(worker, log, (source) => {
      this.follow(source);
    });
    this.disposables.push(
      this.waiting,
      workspace.onDidOpenTextDocument((document) => {
        this.opened(document);
      }),
      workspace.onDidChangeTextDocument((event) => {
        this.changed(event);
      }),
      workspace.onDidCloseTextDocument((document) => {
        this.closed(document);
      }),
      workspace.onDidOpenNotebookDocument((notebook) => {
        this.refresh(notebook);
      }),
      // Edits of a cell arrive as those of its document; running cells change outputs only.
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0) this.refresh(notebook);
      }),
      workspace.onDidCloseNotebookDocument((notebook) => {
        this.leaveAll((source) => source instanceof NotebookSource && source.notebook === notebook);
      }),
      new SourceChanges((files) => {
        // Nothing imports a description.
        const programs = files.filter(({ file }) => sourceLanguage(file) !== 'yaml');
        if (programs.length > 0 && this.worker.running) this.tell('changed', { files: programs });
        else if (programs.length > 0) this.waiting.askAgain();
        this.files.fire(files);
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingsSection)) this.reconsider();
      }),
    );
  }

  /** Looks at all that is open under the settings of now: first when all listeners have subscribed, then whenever those change. */
  reconsider(): void {
    this.leaveAll((source) => !isWanted(source));
    for (const source of this.sources.values()) {
      this.judgements.delete(source.key);
      this.judgeSoon(source);
    }
    for (const document of vscode.workspace.textDocuments) this.opened(document);
    for (const notebook of vscode.workspace.notebookDocuments) this.refresh(notebook);
  }

  /** The source that a document is or belongs to; undefined where it is not followed. */
  sourceOf(document: vscode.TextDocument): CodeSource | undefined {
    const language = grammars.get(document.languageId);
    if (language === undefined) return undefined;
    const notebook = notebookOf(document);
    return this.sources.get(notebook === undefined ? document.uri.toString() : notebookKey(notebook, language));
  }

  /** What is known of a document: its judgement, `judging` while that is under way; undefined where it is not followed. */
  stateOf(document: vscode.TextDocument): CodeJudgement | 'judging' | undefined {
    const source = this.sourceOf(document);
    return source === undefined ? this.tooLong.get(document.uri.toString()) : (this.judgementOf(source) ?? 'judging');
  }

  /** True where an editor holds a source of this key that is judged, so that what the disk has does not count. */
  isFollowed(key: string): boolean {
    return this.sources.has(key) || this.tooLong.has(key);
  }

  /** Findings of the latest judgement of the source with a key, 0 where there is none. */
  countOf(key: string): number {
    return this.judgements.get(key)?.findings.length ?? 0;
  }

  /** The latest findings of a source, where they belong to its text as it is now. */
  judgementOf(source: CodeSource): CodeJudgement | undefined {
    const judgement = this.judgements.get(source.key);
    return judgement?.version === source.version ? judgement : undefined;
  }

  /** Findings of the text as it is now, without waiting for the typing to pause; undefined where it changes meanwhile. */
  async current(source: CodeSource): Promise<CodeJudgement | undefined> {
    return this.judgementOf(source) ?? (await this.judge(source));
  }

  /** A worker that has started knows nothing of the sources that are not followed. */
  workerStarted(): void {
    this.waiting.askAgain();
    this.workers.fire();
  }

  /** What a worker that starts has to know. */
  *texts(): Iterable<CodeRequests['open']> {
    for (const source of this.sources.values()) yield textOf(source);
  }

  lintOptions(source: CodeSource): CodeLintOptions {
    return { severities: settingsFor(source.file).severities };
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private opened(document: vscode.TextDocument): void {
    const notebook = notebookOf(document);
    // A cell whose language changes is closed and opened.
    if (notebook !== undefined) this.refresh(notebook);
    const language = grammars.get(document.languageId);
    if (notebook !== undefined || language === undefined || this.sources.has(document.uri.toString())) return;
    this.consider(new DocumentSource(document, language));
  }

  private changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const language = grammars.get(document.languageId);
    if (language === undefined || contentChanges.length === 0) return;
    const notebook = notebookOf(document);
    if (notebook !== undefined) {
      this.refresh(notebook);
      return;
    }
    const source = this.sources.get(document.uri.toString());
    if (source === undefined) {
      this.typing.schedule(document.uri.toString(), () => {
        this.opened(document);
      });
      return;
    }
    // The editor lists changes so that each refers to the text that the one before left behind.
    const edits = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({ offset: rangeOffset, length: rangeLength, text }));
    this.tell('edit', { document: source.key, edits });
    this.judgeSoon(source);
  }

  private closed(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const source = this.sources.get(key);
    if (source !== undefined) this.leave(source);
    this.waiting.leave(key);
    this.leaveTooLong((other) => other.key === key);
  }

  private refresh(notebook: vscode.NotebookDocument): void {
    const languages = new Set(notebook.getCells().map(({ document }) => grammars.get(document.languageId)));
    for (const source of this.sources.values()) {
      if (!(source instanceof NotebookSource) || source.notebook !== notebook) continue;
      languages.delete(source.language);
      const edit = source.refresh();
      if (edit !== undefined) this.tell('edit', { document: source.key, edits: [edit] });
      this.judgeSoon(source);
    }
    for (const language of languages) {
      if (language === undefined) continue;
      const key = notebookKey(notebook, language);
      this.typing.schedule(key, () => {
        if (!this.sources.has(key)) this.consider(new NotebookSource(notebook, language));
      });
    }
  }

  /** Follows a source that imports a framework; whether one leads there by other files is asked of the worker. */
  private consider(source: DocumentSource | NotebookSource): void {
    if (isClosed(source) || !isWanted(source)) return;
    this.leaveTooLong((other) => other.key === source.key);
    const notice = tooLongNotice(source.length());
    const text = notice === null ? source.text() : source.head(headCharacters);
    if (!importsFramework(text, source.language)) {
      if (notice === null) this.waiting.add(source, text);
      return;
    }
    this.waiting.leave(source.key);
    if (notice !== null) {
      const judgement = { source, version: source.version, findings: [], notices: [notice] };
      this.tooLong.set(source.key, judgement);
      this.judged.fire(judgement);
      return;
    }
    this.follow(source);
  }

  private follow(source: DocumentSource | NotebookSource): void {
    this.sources.set(source.key, source);
    this.tell('open', textOf(source));
    this.followed.fire(source);
    void this.judge(source);
  }

  private leaveTooLong(condition: (source: CodeSource) => boolean): void {
    for (const { source } of [...this.tooLong.values()].filter((judgement) => condition(judgement.source))) {
      this.tooLong.delete(source.key);
      this.left.fire(source);
    }
  }

  private leaveAll(condition: (source: CodeSource) => boolean): void {
    this.leaveTooLong(condition);
    this.waiting.leaveAll(condition);
    for (const source of [...this.sources.values()].filter(condition)) this.leave(source);
  }

  private leave(source: CodeSource): void {
    this.sources.delete(source.key);
    this.judgements.delete(source.key);
    this.tell('close', { document: source.key });
    this.left.fire(source);
  }

  private judgeSoon(source: CodeSource): void {
    this.begun.fire(source);
    this.typing.schedule(source.key, () => void this.judge(source));
  }

  private async judge(source: CodeSource): Promise<CodeJudgement | undefined> {
    if (this.sources.get(source.key) !== source) return undefined;
    const { version } = source;
    try {
      const { findings, notices } = await this.worker.request('lint', { document: source.key, options: this.lintOptions(source) });
      if (this.sources.get(source.key) !== source || source.version !== version) return undefined;
      const judgement: CodeJudgement = { source, version, findings, notices };
      this.judgements.set(source.key, judgement);
      this.judged.fire(judgement);
      return judgement;
    } catch (error) {
      this.log.error(`${displayPath(source.file)} could not be judged.`, error);
      return undefined;
    }
  }

  /** Tells the worker of a change, and judges what imports it again. Where that fails, the document is given to it anew. */
  private tell<K extends 'open' | 'edit' | 'close' | 'changed'>(kind: K, body: CodeRequests[K]): void {
    this.worker.request(kind, body).then(
      (users) => {
        const others = users.filter((user) => !this.judgeAgain(user) && !this.waiting.wake(user));
        if (others.length > 0) this.unfollowed.fire(others);
      },
      (error: unknown) => {
        this.log.error('A change of model code did not reach the worker.', error);
        const source = 'document' in body ? this.sources.get(body.document) : undefined;
        if (kind === 'edit' && source !== undefined) this.tell('open', textOf(source));
      },
    );
  }

  /** What was found of a source is no longer so, although its text is the same. False where it is not followed. */
  private judgeAgain(key: string): boolean {
    const source = this.sources.get(key);
    if (source === undefined) return false;
    this.judgements.delete(key);
    this.judgeSoon(source);
    return true;
  }
}

function textOf(source: CodeSource): CodeRequests['open'] {
  const place = workspacePlace(source);
  return { document: source.key, language: source.language, text: source.text(), ...(place !== undefined && { place }) };
}

function isWanted(source: CodeSource): boolean {
  return !skippedSchemes.has(source.file.scheme) && isJudged(source.file);
}

/** The notebook that a document is a cell of. */
function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) => notebook.getCells().some((cell) => cell.document === document));
}
