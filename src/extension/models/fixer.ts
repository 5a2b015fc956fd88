import * as vscode from 'vscode';
import { labelText, noticeText } from '../platform/shown-text';
import type { PatchOutcome } from '../../core/formats/format';
import type { FixRequest } from '../../core/lint/select-plans';
import { fineTuningAdvice } from '../../core/rewrite/plan';
import type { ModelReader } from '../../engine/host/model-reader';
import { recoveryOffer } from '../../panel-protocol/model';
import { displayPath } from '../platform/display-path';
import type { ModelEdits } from './edits';
import { editLabel, leftText } from './fix-messages';
import { planChange } from './plan-change';
import type { ModelStore } from './store';

/** Applies fixes as edits that the user can undo. */
export class ModelFixer {
  constructor(
    private readonly store: ModelStore,
    private readonly reader: ModelReader,
    private readonly edits: ModelEdits,
  ) {}

  /** Fixes one layer or all, without saving, and says what was done and what was not. @throws ModelError */
  async fix(uri: vscode.Uri, request: FixRequest): Promise<readonly PatchOutcome[]> {
    await this.edits.open(uri);
    const model = await this.store.current(uri);
    const { change, outcomes } = await planChange(this.reader, model, request);
    if (outcomes.some(({ ok }) => ok)) await this.edits.apply(model, editLabel(outcomes), change);
    announce(uri, outcomes);
    return outcomes;
  }
}

/** Successes quietly in the status bar; what was left out needs its reason said. */
export function announce(uri: vscode.Uri, outcomes: readonly PatchOutcome[]): void {
  const done = outcomes.filter(({ ok }) => ok);
  const summary = `Shiftlint changed ${done.length} of ${outcomes.length} layers in ${displayPath(uri)}.`;
  if (done.length > 0) {
    vscode.window.setStatusBarMessage(labelText(`${summary} ${fineTuningAdvice} ${recoveryOffer}`), 10_000);
  }
  const left = leftText(outcomes);
  if (left === '') return;
  const message = noticeText(`${summary} ${left}`);
  void (done.length > 0 ? vscode.window.showInformationMessage(message) : vscode.window.showWarningMessage(message));
}
