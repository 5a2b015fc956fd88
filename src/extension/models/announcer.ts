import { t } from '@vscode/l10n';
import type { PatchOutcome } from '../../core/formats/format';
import { fineTuningAdvice } from '../../core/rewrite/plan';
import { recoveryOffer } from '../../panel-protocol/model';
import { displayPath } from '../platform/display-path';
import type { DoneStatus } from '../platform/done-status';
import { showInformation, showWarning } from '../platform/notices';
import type { JudgedModel } from './analysis';
import { changedSentence, changedText, leftReasons, leftText, sizeSuffix } from './fix-messages';
import type { Log } from '../platform/log';

/** Says what a fix came to: successes quietly in the status bar, what was left out in a message. */
export class FixAnnouncer {
  constructor(
    private readonly status: DoneStatus,
    private readonly log: Log,
  ) {}

  announce({ uri, judgedSize }: Pick<JudgedModel, 'uri' | 'judgedSize'>, outcomes: readonly PatchOutcome[]): void {
    const isDone = outcomes.some(({ ok }) => ok);
    const summary = changedSentence(outcomes, displayPath(uri), judgedSize);
    if (isDone)
      this.status.tell(t`${changedText(outcomes)}${sizeSuffix(judgedSize)}: evaluate the model`, [
        summary,
        fineTuningAdvice,
        recoveryOffer,
      ]);
    const left = leftText(outcomes);
    if (left === '') return;
    void this.tell(isDone ? showInformation : showWarning, `${summary} ${left}`, leftReasons(outcomes));
  }

  /** A message with one reason says it; those of several are in the output, a click away. */
  private async tell(show: typeof showInformation, message: string, reasons: readonly string[]): Promise<void> {
    this.log.info([message, ...reasons].join('\n'));
    const details = t`Show Details`;
    const answer = await show(message, ...(reasons.length > 1 ? [details] : []));
    if (answer === details) this.log.show();
  }
}
