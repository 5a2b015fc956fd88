import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { PatchOutcome } from '../../core/formats/format';
import type { FixRequest } from '../../core/lint/select-plans';
import type { ModelReader } from '../../engine/host/model-reader';
import type { BlurChoice } from '../../panel-protocol/fixes';
import type { FixAnnouncer } from './announcer';
import { displayPath } from '../platform/display-path';
import type { UnfinishedWork } from '../platform/unfinished-work';
import type { ModelEdits } from './edits';
import type { FixHistory } from './fix-history';
import { editLabel } from './fix-messages';
import { planChange } from './plan-change';
import type { ModelStore } from './store';

/** Applies fixes as edits that the user can undo. */
export class ModelFixer {
  constructor(
    private readonly store: ModelStore,
    private readonly reader: ModelReader,
    private readonly edits: ModelEdits,
    private readonly history: FixHistory,
    private readonly announcer: FixAnnouncer,
    private readonly unfinished: UnfinishedWork,
  ) {}

  /**
   * Fixes one layer or all, without saving, and says what was done and what was not.
   *
   * @param blur to insert; the one that the model was judged with where absent
   * @throws ModelError
   */
  fix(uri: vscode.Uri, request: FixRequest, blur?: BlurChoice): Promise<readonly PatchOutcome[]> {
    return this.unfinished.during(t`fixing ${displayPath(uri)}`, () => this.change(uri, request, blur));
  }

  private async change(uri: vscode.Uri, request: FixRequest, blur: BlurChoice | undefined): Promise<readonly PatchOutcome[]> {
    await this.edits.open(uri);
    const model = await this.store.current(uri);
    const planned = await planChange(this.reader, model, request, blur);
    const { change, outcomes } = planned;
    if (outcomes.some(({ ok }) => ok)) {
      await this.history.during(model, planned, () => this.edits.apply(model, editLabel(outcomes), change));
    }
    this.announcer.announce(model, outcomes);
    return outcomes;
  }
}
