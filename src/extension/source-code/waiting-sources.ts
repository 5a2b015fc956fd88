import type * as vscode from 'vscode';
import { importsOf } from '../../code/imports';
import type { WorkspacePlace } from '../../code/protocol';
import { Debouncer } from '../platform/debounce';
import { displayPath } from '../platform/display-path';
import type { Log } from '../platform/log';
import type { CodeWorker } from './code-worker';
import { mayLeadToCode } from './import-look';
import { DocumentSource, type NotebookSource } from './source';
import { workspacePlace } from './workspace-place';

type OpenSource = DocumentSource | NotebookSource;

/** An open source that names no framework, by what it imports. */
interface WaitingSource {
  source: OpenSource;
  readonly place: WorkspacePlace;
  readonly paths: readonly string[];
}

/** Files change in swarms. */
const askAgainMs = 300;

/**
 * Open documents that name no framework but import files of the workspace, which may: the worker is asked once for each set of imports, and
 * tells later when one of them comes to lead to a framework.
 */
export class WaitingSources implements vscode.Disposable {
  private readonly waiting = new Map<string, WaitingSource>();
  private readonly pause = new Debouncer(askAgainMs);

  constructor(
    private readonly worker: CodeWorker,
    private readonly log: Log,
    /** Takes a source that leads to a framework. */
    private readonly take: (source: OpenSource) => void,
  ) {}

  /** Looks whether a source leads somewhere, now and whenever that may have changed. */
  add(source: OpenSource, text: string): void {
    const place = workspacePlace(source);
    const paths = place === undefined ? [] : importsOf(text, source.language);
    if (place === undefined || paths.length === 0) {
      this.leave(source.key);
      return;
    }
    const known = this.waiting.get(source.key);
    if (known?.paths.join() === paths.join()) {
      known.source = source;
      return;
    }
    const entry = { source, place, paths };
    this.waiting.set(source.key, entry);
    void this.ask(entry);
  }

  /** The worker says that a source leads to a framework by now. False where it is none of these. */
  wake(key: string): boolean {
    const entry = this.waiting.get(key);
    if (entry !== undefined) this.leads(entry);
    return entry !== undefined;
  }

  /** Files have changed without a worker that knows them, or a new worker knows none. */
  askAgain(): void {
    if (this.waiting.size === 0) return;
    this.pause.schedule('', () => {
      for (const entry of this.waiting.values()) void this.ask(entry);
    });
  }

  /** Lets go of a source that is closed, followed or switched off. */
  leave(key: string): void {
    if (this.waiting.delete(key) && this.worker.running) {
      this.worker.request('forget', { documents: [key] }).catch((error: unknown) => {
        this.log.debug(`The worker did not hear that a source is closed: ${String(error)}`);
      });
    }
  }

  leaveAll(condition: (source: OpenSource) => boolean): void {
    for (const { source } of [...this.waiting.values()]) if (condition(source)) this.leave(source.key);
  }

  dispose(): void {
    this.pause.dispose();
  }

  private async ask(entry: WaitingSource): Promise<void> {
    const { place, paths } = entry;
    const { key, language, file } = entry.source;
    try {
      if (!(await mayLeadToCode(paths, place, language)) || this.waiting.get(key) !== entry) return;
      if (await this.worker.request('consider', { document: key, place, paths })) this.leads(entry);
    } catch (error) {
      this.log.error(`Whether ${displayPath(file)} leads to model code could not be told.`, error);
    }
  }

  private leads(entry: WaitingSource): void {
    const { source } = entry;
    if (this.waiting.get(source.key) !== entry) return;
    this.waiting.delete(source.key);
    if (!isClosed(source)) this.take(source);
  }
}

/** True of a source that no editor holds any more. */
export function isClosed(source: OpenSource): boolean {
  return source instanceof DocumentSource ? source.document.isClosed : source.notebook.isClosed;
}
