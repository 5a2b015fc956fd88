import * as vscode from 'vscode';

const openingTimeoutMs = 15_000;

/** What is open at the moment, by file: documents of the model editor, or their panels. One entry a file. */
export class UriRegistry<T> implements vscode.Disposable {
  private readonly entries = new Map<string, T>();
  private readonly additions = new vscode.EventEmitter<string>();

  get(uri: vscode.Uri): T | undefined {
    return this.entries.get(uri.toString());
  }

  /** Registers until the result is disposed. */
  add(uri: vscode.Uri, entry: T): vscode.Disposable {
    const key = uri.toString();
    this.entries.set(key, entry);
    this.additions.fire(key);
    return new vscode.Disposable(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
  }

  /** The entry, as soon as an editor that is being opened registers it. @throws Error where that takes too long. */
  whenAdded(uri: vscode.Uri): Promise<T> {
    const key = uri.toString();
    const present = this.entries.get(key);
    if (present !== undefined) return Promise.resolve(present);
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => {
        subscription.dispose();
        reject(new Error(`The model editor did not open ${uri.path}.`));
      }, openingTimeoutMs);
      const subscription = this.additions.event((added) => {
        const entry = added === key ? this.entries.get(key) : undefined;
        if (entry === undefined) return;
        clearTimeout(timeout);
        subscription.dispose();
        resolve(entry);
      });
    });
  }

  dispose(): void {
    this.additions.dispose();
    this.entries.clear();
  }
}
