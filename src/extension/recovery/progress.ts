import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CallFollower } from '../../engine/host/engine-process';
import { EngineError } from '../../engine/protocol/engine-error';
import type { ShareDone } from '../../engine/protocol/measuring';
import { remainingText } from '../../panel-protocol/remaining-text';
import { RemainingTime } from '../platform/remaining-time';

/**
 * Runs a call of the engine with a notification that shows how far it is and can end it; undefined where the user did.
 *
 * @throws EngineError
 */
export async function withEngineProgress<Result>(
  title: string,
  call: (follower: CallFollower<ShareDone>) => Promise<Result>,
): Promise<Result | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return vscode.window.withProgress(options, async (progress, token) => {
    const run = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      run.abort();
    });
    let shown = 0;
    const remaining = new RemainingTime();
    const onProgress = ({ done, label }: ShareDone): void => {
      const percent = Math.floor(100 * done);
      const remainingMs = remaining.after(done);
      const said = [t`${percent} %`, label, remainingMs === undefined ? undefined : remainingText(remainingMs)];
      progress.report({ increment: percent - shown, message: said.filter((part) => part !== undefined).join(t`, `) });
      shown = percent;
    };
    try {
      return await call({ signal: run.signal, onProgress });
    } catch (error) {
      if (error instanceof EngineError && error.code === 'cancelled' && run.signal.aborted) return undefined;
      throw error;
    } finally {
      subscription.dispose();
    }
  });
}
