import * as vscode from 'vscode';
import type { PatchOutcome } from '../../core/formats/format';
import type { FixRequest } from '../../core/lint/select-plans';
import { recoveryLines, recoveryText, type RecoveryReport } from '../../core/report/recovery-report';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { EngineClient } from '../../engine/host/client';
import { imagesOf } from '../../engine/host/studies/image-folder';
import { recoveredChange } from '../../engine/output/recovered-change';
import { usualRecovery, type RecoveryResult } from '../../engine/protocol/recovering';
import { whyNotMeasured } from '../../panel-protocol/model';
import type { ModelEdits } from '../models/edits';
import { editLabel, leftText } from '../models/fix-messages';
import { announce } from '../models/fixer';
import { patchModel } from '../models/patch';
import { mayMeasure, placedModel } from '../models/placed-model';
import type { ModelStore } from '../models/store';
import type { StudyMemory } from '../panel/inputs/memory';
import { engineOptions } from '../panel/runs/options';
import { displayPath } from '../platform/display-path';
import { settingsFor } from '../settings/settings';
import type { RecoveryFolders } from './folder';
import { withEngineProgress } from './progress';

/** What a recovery works with. */
export interface RecoveryParts {
  readonly store: ModelStore;
  readonly edits: ModelEdits;
  readonly engine: EngineClient;
  /** Has what the user chose for the model in its panel: pixels, size, seed. */
  readonly memory: StudyMemory;
  readonly folders: RecoveryFolders;
  readonly log: vscode.LogOutputChannel;
}

/** A model as it is now. */
type CurrentModel = Awaited<ReturnType<ModelStore['current']>>;

/** Fixes models and re-solves the layers behind the blurs, as one edit that the user can undo and that only they save. */
export class ModelRecovery {
  constructor(private readonly parts: RecoveryParts) {}

  /**
   * Fixes one layer or all and recovers the weights from a folder of images that the user picks. What it came to; undefined where
   * nothing was changed.
   *
   * @throws ModelError, EngineError
   */
  async fixAndRecover(uri: vscode.Uri, request: FixRequest): Promise<RecoveryReport | undefined> {
    if (!mayMeasure(uri)) {
      void vscode.window.showWarningMessage(whyNotMeasured);
      return undefined;
    }
    await this.parts.edits.open(uri);
    const current = await this.parts.store.current(uri);
    const { plans, patch } = await patchModel(current.model, request);
    if (!patch.outcomes.some(({ ok }) => ok)) {
      sayNothingToFix(uri, patch.outcomes);
      return undefined;
    }
    const result = await this.run(current, plans);
    if (result === undefined) return undefined;
    const change = await recoveredChange(current.model.model, patch, result.weights);
    await this.parts.edits.apply(current.model, `${editLabel(patch.outcomes)} and Recover`, change);
    void this.say(uri, result.report, patch.outcomes);
    return result.report;
  }

  /** Asks for the images and runs the engine; undefined where the user cancels either. */
  private async run(current: CurrentModel, plans: readonly BlurPlan[]): Promise<RecoveryResult | undefined> {
    const { memory, folders, engine } = this.parts;
    const { uri } = current.model;
    const { folder: studied, choices } = memory.recall(uri);
    const folder = await folders.choose(uri, studied === null ? vscode.Uri.joinPath(uri, '..') : vscode.Uri.file(studied));
    if (folder === undefined) return undefined;
    const images = await imagesOf(folder, undefined, null);
    const { payload } = await placedModel(current);
    const options = { ...usualRecovery, seed: choices.seed, ...engineOptions({ choices, settings: settingsFor(uri) }) };
    return withEngineProgress(`Shiftlint recovers ${displayPath(uri)}`, (follower) =>
      engine.call('recover', { model: payload, plans, images, options }, follower),
    );
  }

  private async say(uri: vscode.Uri, report: RecoveryReport, outcomes: readonly PatchOutcome[]): Promise<void> {
    const { log } = this.parts;
    log.info([`${displayPath(uri)}: fixed and recovered`, ...recoveryLines(report)].join('\n'));
    const details = 'Show Details';
    const message = [recoveryText(report), leftText(outcomes)].join(' ').trimEnd();
    if ((await vscode.window.showInformationMessage(message, details)) === details) log.show();
  }
}

function sayNothingToFix(uri: vscode.Uri, outcomes: readonly PatchOutcome[]): void {
  if (outcomes.length > 0) announce(uri, outcomes);
  else
    void vscode.window.showInformationMessage(`${displayPath(uri)} has no layer that Shiftlint can fix, so there is nothing to recover.`);
}
