import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PatchOutcome } from '../../core/formats/format';
import type { FixRequest } from '../../core/lint/select-plans';
import { recoveryLines, recoveryText, type RecoveryReport } from '../../core/report/recovery-report';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { EngineClient } from '../../engine/host/client';
import type { ModelReader } from '../../engine/host/model-reader';
import { imagesOf } from '../../engine/host/image-lists/image-list';
import { usualRecovery, type RecoveryResult } from '../../engine/protocol/recovering';
import type { BlurChoice, RecoveryFolder } from '../../panel-protocol/fixes';
import { whyNotMeasured } from '../../panel-protocol/model';
import type { ModelEdits } from '../models/edits';
import type { FixAnnouncer } from '../models/announcer';
import type { FixHistory } from '../models/fix-history';
import { leftReasons, leftText, recoveredEditLabel, sizeSuffix } from '../models/fix-messages';
import type { ModelFixer } from '../models/fixer';
import { mayMeasure } from '../models/may-measure';
import { planChange } from '../models/plan-change';
import { readableModel, sentModel } from '../models/readable';
import type { JudgedModel } from '../models/analysis';
import type { ModelStore } from '../models/store';
import type { StudyMemory } from '../panel/inputs/memory';
import { engineOptions } from '../panel/runs/options';
import { displayPath } from '../platform/display-path';
import type { UnfinishedWork } from '../platform/unfinished-work';
import type { Settings } from '../settings/settings';
import type { RecoveryFolders } from './folder';
import { withEngineProgress } from './progress';
import { showInformation, showWarning } from '../platform/notices';
import type { Log } from '../platform/log';

const noFolderText = t`No folder was chosen, so nothing was changed. Recovery needs a folder of images like those that the model is used on; they need no labels.`;

/** What a recovery works with. */
export interface RecoveryParts {
  readonly store: ModelStore;
  readonly reader: ModelReader;
  readonly settings: (uri: vscode.Uri) => Settings;
  readonly edits: ModelEdits;
  readonly history: FixHistory;
  readonly engine: EngineClient;
  /** Has what the user chose for the model in its panel: pixels, size, seed. */
  readonly memory: StudyMemory;
  readonly folders: RecoveryFolders;
  /** Fixes without recovery, where there are no images. */
  readonly fixer: ModelFixer;
  readonly announcer: FixAnnouncer;
  readonly unfinished: UnfinishedWork;
  readonly log: Log;
}

/** What a recovery inserts and learns from. */
export interface RecoverWith {
  readonly blur?: BlurChoice | undefined;
  readonly folder?: RecoveryFolder;
}

/** Fixes models and re-solves the layers behind the blurs, as one edit that the user can undo and that only they save. */
export class ModelRecovery {
  constructor(private readonly parts: RecoveryParts) {}

  /**
   * Fixes one layer or all and recovers the weights from a folder of images. What it came to; undefined where nothing was changed.
   *
   * @param from the blur to insert, the one that the model was judged with where absent; and whether the folder is that of the studies
   *   rather than one that the user picks now
   * @throws ModelError, EngineError
   */
  async fixAndRecover(
    uri: vscode.Uri,
    request: FixRequest,
    { blur, folder: source }: RecoverWith = {},
  ): Promise<RecoveryReport | undefined> {
    if (!mayMeasure(uri)) {
      void showWarning(whyNotMeasured);
      return undefined;
    }
    const { store, reader, edits, history, unfinished } = this.parts;
    await edits.open(uri);
    const current = await store.current(uri);
    const planned = await planChange(reader, current, request, blur);
    const { plans, change: fix, outcomes } = planned;
    if (!outcomes.some(({ ok }) => ok)) {
      this.sayNothingToFix(current, outcomes);
      return undefined;
    }
    const { folder: studied } = this.parts.memory.recall(uri);
    const folder = source === 'studied' && studied !== null ? studied : await this.chooseFolder(uri);
    if (folder === undefined) {
      await this.offerFixAlone(uri, request, blur);
      return undefined;
    }
    const report = await unfinished.during(t`fixing and recovering ${displayPath(uri)}`, async () => {
      const result = await this.run(current, plans, folder);
      if (result === undefined) return undefined;
      const change = await reader.ask('add-weights', readableModel(current), { fix, weights: result.weights });
      const apply = (): Promise<void> => edits.apply(current, recoveredEditLabel(outcomes), change);
      await history.during(current, planned, apply, recoveryText(result.report));
      return result.report;
    });
    if (report !== undefined) void this.say(current, report, outcomes);
    return report;
  }

  /** Asks for the images, starting at those that the model was studied with; undefined where the user closes the dialog. */
  private async chooseFolder(uri: vscode.Uri): Promise<string | undefined> {
    const { memory, folders } = this.parts;
    const { folder: studied } = memory.recall(uri);
    return folders.choose(uri, studied === null ? vscode.Uri.joinPath(uri, '..') : vscode.Uri.file(studied));
  }

  /** Says what a recovery would have needed; who has no images may still want the fix. */
  private async offerFixAlone(uri: vscode.Uri, request: FixRequest, blur: BlurChoice | undefined): Promise<void> {
    const fixAlone = t`Fix Without Recovery`;
    const answer = await showInformation(noFolderText, fixAlone);
    if (answer === fixAlone) await this.parts.fixer.fix(uri, request, blur);
  }

  /** Runs the engine; undefined where the user cancels it. */
  private async run({ uri, content }: JudgedModel, plans: readonly BlurPlan[], folder: string): Promise<RecoveryResult | undefined> {
    const { memory, engine } = this.parts;
    const { choices } = memory.recall(uri);
    const images = await imagesOf(folder);
    const model = sentModel(uri, await content.sent());
    const options = { ...usualRecovery, seed: choices.seed, ...engineOptions({ choices, settings: this.parts.settings(uri) }) };
    return withEngineProgress(t`Shiftlint recovers ${displayPath(uri)}`, (follower) =>
      engine.call('recover', { model, plans, images, options }, follower),
    );
  }

  private async say({ uri, judgedSize }: JudgedModel, report: RecoveryReport, outcomes: readonly PatchOutcome[]): Promise<void> {
    const { log } = this.parts;
    log.info(
      [t`${displayPath(uri)}: fixed and recovered${sizeSuffix(judgedSize)}`, ...recoveryLines(report), ...leftReasons(outcomes)].join('\n'),
    );
    const details = t`Show Details`;
    const size = judgedSize === null ? '' : t`The fix is${sizeSuffix(judgedSize)}.`;
    const message = [recoveryText(report), size, leftText(outcomes)].filter((sentence) => sentence !== '').join(' ');
    if ((await showInformation(message, details)) === details) log.show();
  }

  private sayNothingToFix(model: JudgedModel, outcomes: readonly PatchOutcome[]): void {
    if (outcomes.length > 0) this.parts.announcer.announce(model, outcomes);
    else
      void showInformation(
        t`${displayPath(model.uri)} has no layer that Shiftlint can fix, so there is nothing to recover. Weights are recovered together with a fix: undo a fix that was made alone first.`,
      );
  }
}
