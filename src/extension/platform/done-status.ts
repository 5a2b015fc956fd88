import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { visibleText } from '../../core/report/visible-text';
import { labelText } from './shown-text';
import type { Log } from './log';

const shownMs = 10_000;

/**
 * Says in the status bar what has been done, in a few words, since the editor cuts off what is longer: what else is to be known is in
 * the hover and, at a click, in the output.
 */
export class DoneStatus implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly log: Log) {}

  /** @param details whole sentences */
  tell(text: string, details: readonly string[]): void {
    this.log.info([text, ...details].join('\n'));
    this.dispose();
    const item = vscode.window.createStatusBarItem('shiftlint.done', vscode.StatusBarAlignment.Left);
    item.name = t`Shiftlint: What Was Done`;
    item.text = labelText(text);
    item.tooltip = visibleText(details.join(' '));
    item.command = 'shiftlint.showOutput';
    item.show();
    this.item = item;
    this.timer = setTimeout(() => {
      this.dispose();
    }, shownMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.item?.dispose();
    this.item = undefined;
  }
}
