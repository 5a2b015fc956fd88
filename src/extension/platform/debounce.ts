import type * as vscode from 'vscode';

/** Runs an action once a key has been quiet for `delayMs`; a later call for the same key starts the wait anew. */
export class Debouncer implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly delayMs: number) {}

  schedule(key: string, action: () => void): void {
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      action();
    }, this.delayMs);
    this.timers.set(key, timer);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
