import * as vscode from 'vscode';
import { createFile, holds } from '../platform/atomic-write';

/** A file that we wrote, and the code that imports it. */
interface UnsavedModule {
  readonly uri: vscode.Uri;
  readonly bytes: Uint8Array;
  /** As code imports it: the file's name without its ending. */
  readonly name: string;
  /** Documents in which fixes have imported it. */
  readonly importers: Set<string>;
}

/**
 * Modules that fixes of code bring along: beside the code while a fix that imports them stands, so that undo takes them back and redo
 * brings them back, and for good once such code was saved. Like weights beside a model, they are written before the user saves, since the
 * code finds them on the disk alone.
 */
export class ModuleFiles implements vscode.Disposable {
  private readonly unsaved = new Map<string, UnsavedModule>();
  private readonly subscriptions: readonly vscode.Disposable[];
  /** What is written and removed, one after the other. */
  private writing: Promise<unknown> = Promise.resolve();

  /** @param onFailure where a file could neither be written nor removed as an undo wants it */
  constructor(private readonly onFailure: (error: unknown) => void) {
    const { workspace } = vscode;
    this.subscriptions = [
      workspace.onDidChangeTextDocument(({ document, reason }) => {
        // The user who types has the module stay; a document that holds what the disk does was reverted, or undone as a whole.
        if (reason !== undefined || !document.isDirty) this.follow(document);
      }),
      workspace.onDidCloseTextDocument((document) => {
        this.follow(document);
      }),
      workspace.onDidSaveTextDocument((document) => {
        this.keep([document]);
      }),
      workspace.onDidSaveNotebookDocument((notebook) => {
        this.keep(notebook.getCells().map((cell) => cell.document));
      }),
    ];
  }

  /**
   * Writes a module that fixes of these documents import, where there is none yet. True where it was written.
   *
   * @throws ModelError `unwritable` where another file lies there by now
   */
  async write(uri: vscode.Uri, bytes: Uint8Array, importers: readonly vscode.Uri[]): Promise<boolean> {
    const isNew = await this.inTurn(() => createFile(uri, bytes));
    if (isNew) this.unsaved.set(uri.toString(), { uri, bytes, name: nameOf(uri), importers: new Set() });
    this.addImporters(uri, importers);
    return isNew;
  }

  /** A fix has imported a module that was there. */
  addImporters(uri: vscode.Uri, importers: readonly vscode.Uri[]): void {
    const known = this.unsaved.get(uri.toString());
    for (const importer of importers) known?.importers.add(importer.toString());
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private follow({ uri }: vscode.TextDocument): void {
    for (const module of this.unsaved.values()) {
      if (module.importers.has(uri.toString())) this.inTurn(() => settle(module)).catch(this.onFailure);
    }
  }

  private keep(saved: readonly vscode.TextDocument[]): void {
    for (const [key, { importers, name }] of this.unsaved)
      if (saved.some((document) => importers.has(document.uri.toString()) && document.getText().includes(name))) this.unsaved.delete(key);
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.writing.then(work);
    this.writing = turn.catch(() => undefined);
    return turn;
  }
}

/** Brings the file to what the documents as they are now want: there while one of them imports it, else gone, unless it was changed. */
async function settle({ uri, bytes, name, importers }: UnsavedModule): Promise<void> {
  const isImported = vscode.workspace.textDocuments.some(
    (document) => !document.isClosed && importers.has(document.uri.toString()) && document.getText().includes(name),
  );
  if (isImported) await createFile(uri, bytes);
  else if (await holds(uri, bytes)) await vscode.workspace.fs.delete(uri);
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
