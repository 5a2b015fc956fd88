import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';

const memoryKey = 'shiftlint.unfinished';

/**
 * Remembers in the workspace what goes on, so that a window that was reloaded, or whose extension host has crashed, can say what became of
 * it. Dispose it before whatever the work stands on: work that ends because the window goes is not forgotten.
 */
export class UnfinishedWork implements vscode.Disposable {
  private readonly underWay: string[] = [];
  private isOver = false;

  constructor(private readonly state: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** Does a piece of work. @param doing what is said of it where it does not come to its end: `measuring a.onnx` */
  async during<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
    this.underWay.push(doing);
    this.remember();
    try {
      return await work();
    } finally {
      this.underWay.splice(this.underWay.indexOf(doing), 1);
      this.remember();
    }
  }

  /** What the window before this one did not end, as one message with what to do; undefined where that is nothing. It is told once. */
  told(): string | undefined {
    const kept = this.state.get<unknown>(memoryKey);
    if (kept === undefined) return undefined;
    this.remember();
    if (!Array.isArray(kept) || kept.length === 0) return undefined;
    const doings = [...new Set(kept.map(String))];
    const named = doings.length === 1 ? doings.join() : t`${doings.slice(0, -1).join(t`, `)} and ${doings.at(-1) ?? ''}`;
    return t`The window was reloaded or closed while Shiftlint was ${named}. No model was changed by that: start it again where you still want it.`;
  }

  dispose(): void {
    this.isOver = true;
  }

  private remember(): void {
    if (!this.isOver) void this.state.update(memoryKey, this.underWay.length === 0 ? undefined : [...this.underWay]);
  }
}
