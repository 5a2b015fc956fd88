import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ModelError } from '../../core/model-error';
import type { EngineClient } from '../../engine/host/client';
import type { ImageFile } from '../../engine/protocol/classifying';
import type { StudyChoices } from '../../panel-protocol/inputs';
import type { StudyName } from '../../panel-protocol/studies/table';
import type { ToPage } from '../../panel-protocol/to-page';
import { choicesFrom } from './inputs/choices';
import { folderImages, inputOf } from './inputs/files';
import type { StudyInputs, StudyMemory } from './inputs/memory';
import { inputsView } from './inputs/view';
import type { Exported } from './outcomes/export';
import { FormerRun } from './outcomes/former-run';
import { outcomeKeys, type OutcomeKeys } from './outcomes/key';
import type { OutcomeStore } from './outcomes/store';
import { gatherMaterial, type RunMaterial, type StudyTarget } from './runs/material';
import { StudyRuns } from './runs/study-runs';
import { displayPath } from '../platform/display-path';
import type { UnfinishedWork } from '../platform/unfinished-work';
import { FeatureStudy } from './studies/features';
import { studies, studyNames } from './studies/table';
import type { Log } from '../platform/log';

/** What all panels share. */
export interface StudyServices {
  readonly engine: EngineClient;
  readonly memory: StudyMemory;
  readonly outcomes: OutcomeStore;
  readonly unfinished: UnfinishedWork;
  readonly log: Log;
}

/** Edits and choices come in bursts; outcomes are looked up once they are over. */
const settleMs = 300;

/** The studies of one panel, what they run with and what they came to. */
export class PanelStudies implements vscode.Disposable {
  private inputs: StudyInputs;
  private readonly runs: ReadonlyMap<StudyName, StudyRuns>;
  private readonly messages = new vscode.EventEmitter<ToPage>();
  private readonly failures = new vscode.EventEmitter<{ readonly study: StudyName; readonly message: string }>();
  private readonly former = new FormerRun();
  private lookup = 0;
  private timer: NodeJS.Timeout | undefined;
  /** What the page looks at in an enlarged map. */
  readonly features: FeatureStudy;
  /** What the page has to be told, in order. */
  readonly onDidSend = this.messages.event;
  /** A run ended with this message for the user. */
  readonly onDidFail = this.failures.event;

  constructor(
    private readonly target: StudyTarget,
    private readonly services: StudyServices,
  ) {
    this.inputs = services.memory.recall(target.uri);
    const listener = {
      send: (message: ToPage): void => {
        this.messages.fire(message);
      },
      fail: (study: StudyName, message: string): void => {
        this.failures.fire({ study, message });
      },
    };
    this.runs = new Map(studyNames.map((name) => [name, new StudyRuns(studies[name], listener)]));
    this.features = new FeatureStudy(
      async () => ({
        engine: services.engine,
        model: await target.model(),
        choices: this.inputs.choices,
        input: await inputOf(this.inputs),
        settings: target.settings(),
      }),
      (view) => {
        this.messages.fire({ kind: 'features', view });
      },
    );
  }

  /** Whether a study cannot run before a folder of images is chosen. */
  lacksFolder(name: StudyName): boolean {
    return studies[name].images === 'required' && this.inputs.folder === null;
  }

  /** Everything a page that has just loaded has to be told. */
  snapshot(): readonly ToPage[] {
    const runs = [...this.runs.values()];
    const former = this.formerMessage(this.runsOf('equivariance').shownKeys);
    return [this.inputsMessage(), ...runs.flatMap(({ messages }) => messages), former, ...runs.map(({ state }) => state)];
  }

  /** Runs a study, ending a run of it that still goes on. Resolves when the outcome has been sent; never rejects. */
  async start(name: StudyName): Promise<void> {
    const runs = this.runsOf(name);
    const { target, services } = this;
    await services.unfinished.during(t`measuring ${displayPath(target.uri)}`, () => this.run(runs));
  }

  private run(runs: StudyRuns): Promise<void> {
    const { study } = runs;
    const startedAt = performance.now();
    return runs.run(async (progress) => {
      const images = study.images === 'unused' ? [] : await folderImages(this.inputs);
      if (study.images === 'required' && images.length === 0) throw new ModelError('unreadable', t`Choose a folder of images first.`);
      const material = await this.gather(images);
      const keys = outcomeKeys(study, material);
      if (study.name === 'equivariance') this.sendFormer(keys);
      const outcome = await study.run(material, progress);
      runs.show(keys, outcome);
      await this.services.outcomes.save(keys.key, { outcome, elapsedMs: performance.now() - startedAt }).catch((error: unknown) => {
        this.services.log.warn('The result could not be kept.', error);
      });
      return outcome;
    });
  }

  /** A fix is about to be made: what was measured until now is shown beside what will be. */
  keepFormer(): void {
    this.former.keep(this.runsOf('equivariance').current);
  }

  cancel(name: StudyName): void {
    this.runsOf(name).cancel();
  }

  /** Takes other inputs or options, as far as they make sense, and remembers them with the model. */
  choose({
    choices,
    ...others
  }: {
    readonly choices?: Partial<StudyChoices>;
    readonly image?: string | null;
    readonly folder?: string;
  }): void {
    this.inputs = { ...this.inputs, ...others, choices: choicesFrom(choices, this.inputs.choices) };
    void this.services.memory.keep(this.target.uri, this.inputs);
    this.messages.fire(this.inputsMessage());
    this.reconsider();
  }

  /** Model, input or options are others now: shows what is kept for them, or says that what is shown is not for them. */
  reconsider(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.restore().catch((error: unknown) => {
        this.services.log.error('A run of the model editor failed.', error);
      });
    }, settleMs);
  }

  /** The model was read anew. */
  modelChanged(): void {
    this.messages.fire(this.inputsMessage());
    this.reconsider();
  }

  /** What a study came to, if it has come to anything. */
  exported(name: StudyName): Exported | undefined {
    const { study, outcome } = this.runsOf(name);
    return outcome && { model: this.target.uri, study, outcome, engine: this.services.engine };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.lookup++;
    this.features.cancel();
    for (const runs of this.runs.values()) runs.dispose();
    this.services.engine.letGo(displayPath(this.target.uri));
    this.messages.dispose();
    this.failures.dispose();
  }

  private async restore(): Promise<void> {
    const lookup = ++this.lookup;
    const { outcomes } = this.services;
    const nothingShown = [...this.runs.values()].every(({ outcome }) => outcome === undefined);
    if (nothingShown && (await outcomes.isEmpty())) return;
    // A model or an image that cannot be read now has no outcome; the run itself says so when it is started.
    const material = await this.gather(await folderImages(this.inputs).catch(() => [])).catch(() => undefined);
    for (const runs of this.runs.values()) {
      const keys = material && outcomeKeys(runs.study, material);
      const isKnown = keys !== undefined && runs.isShown(keys.key);
      const kept = keys === undefined || isKnown ? undefined : await outcomes.load(keys.key);
      if (lookup !== this.lookup) return;
      if (kept === undefined || keys === undefined) runs.mark(!isKnown);
      else {
        runs.restore(keys, kept);
        if (runs.study.name === 'equivariance') this.sendFormer(keys);
      }
    }
  }

  /** Everything that a run depends on, as it is now. */
  private gather(images: readonly ImageFile[]): Promise<RunMaterial> {
    return gatherMaterial(this.target, this.inputs, this.services.engine, images);
  }

  private inputsMessage(): ToPage {
    return { kind: 'inputs', inputs: inputsView(this.inputs, this.target.facts(), this.target.settings()) };
  }

  private sendFormer(keys: OutcomeKeys): void {
    this.messages.fire(this.formerMessage(keys));
  }

  private formerMessage(keys: OutcomeKeys | undefined): ToPage {
    const outcome = this.former.beside(keys);
    const shown = outcome === undefined ? [] : this.runsOf('equivariance').study.messages(outcome);
    return { kind: 'former', maps: shown.find((message) => message.kind === 'heatmaps') ?? null };
  }

  private runsOf(name: StudyName): StudyRuns {
    const runs = this.runs.get(name);
    if (runs === undefined) throw new Error(`There is no study "${name}".`);
    return runs;
  }
}
