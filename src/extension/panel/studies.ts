import { basename } from 'node:path';
import * as vscode from 'vscode';
import { imageInput } from '../../core/equivariance/plan/planned-input';
import { planarGraph } from '../../core/equivariance/plan/planar-graph';
import { ModelError } from '../../core/model-error';
import type { ModelGraph } from '../../core/graph/model-graph';
import { choosePreprocessing } from '../../core/input/preprocessing';
import type { EngineClient } from '../../engine/host/client';
import type { EngineEvent, ImageFile } from '../../engine/protocol/protocol';
import { modelDigest } from '../../engine/host/studies/model-digest';
import type { PlacedModel } from '../../engine/host/placed-model';
import { PanelFeatures } from './features';
import { PanelTask } from './task';
import type { ResultStore } from './result-store';
import type { Settings } from '../settings/settings';
import { choicesFrom } from './study-choices';
import { folderDigest, folderImages, imageDigest, inputOf, type StudyInputs, type StudyMemory } from './study-inputs';
import { circularFrame, expectedHeatmap, measuredHeatmap, resultMessages, type StudyResult } from './study-result';
import { featureWork, resultKey, studyWork, type StudyOrder } from './study-work';
import type { InputsView, StudyChoices, TaskName, ToWebview } from '../../panel-protocol/messages';

/** The model that a panel shows; what it answers is taken as it is at that moment, saved or not. */
export interface StudyTarget {
  readonly uri: vscode.Uri;
  /** @throws ModelError where it cannot be read */
  model(): Promise<PlacedModel>;
  /** Its graph as last judged; undefined where it cannot be read. */
  graph(): ModelGraph | undefined;
  settings(): Settings;
}

/** What all panels share. */
export interface StudyServices {
  readonly engine: EngineClient;
  readonly memory: StudyMemory;
  readonly results: ResultStore;
  readonly log: vscode.LogOutputChannel;
}

const taskNames: readonly TaskName[] = ['measure', 'consistency', 'compare', 'advise'];
/** Edits and choices come in bursts; results are looked up once they are over. */
const settleMs = 300;

/** The tasks of one panel, what they run with and what they came to. */
export class PanelStudies implements vscode.Disposable {
  private inputs: StudyInputs;
  private readonly tasks: Readonly<Record<TaskName, PanelTask>>;
  private readonly shown = new Map<TaskName, { readonly key: string; readonly result: StudyResult }>();
  private readonly messages = new vscode.EventEmitter<ToWebview>();
  /** What the page looks at in an enlarged map. */
  readonly features: PanelFeatures;
  private readonly failures = new vscode.EventEmitter<{ readonly task: TaskName; readonly message: string }>();
  /** Maps of a measurement that still runs or was cancelled, for a page that is loaded meanwhile. */
  private unfinished: Extract<ToWebview, { kind: 'heatmaps' }> | undefined;
  private lookup = 0;
  private timer: NodeJS.Timeout | undefined;
  /** What the page has to be told, in order. */
  readonly onDidSend = this.messages.event;
  /** A task ended with this message for the user. */
  readonly onDidFail = this.failures.event;

  constructor(
    private readonly target: StudyTarget,
    private readonly services: StudyServices,
  ) {
    this.inputs = services.memory.recall(target.uri);
    const task = (name: TaskName): PanelTask =>
      new PanelTask(
        (view) => {
          this.messages.fire({ kind: 'task', task: name, view });
        },
        (message) => {
          this.failures.fire({ task: name, message });
        },
      );
    this.features = new PanelFeatures(
      async (wanted, signal) => {
        const {
          target,
          inputs: { choices },
        } = this;
        const order = {
          engine: services.engine,
          model: await target.model(),
          choices,
          input: await inputOf(this.inputs),
          settings: target.settings(),
        };
        return featureWork(order, wanted, signal);
      },
      (view) => {
        this.messages.fire({ kind: 'features', view });
      },
    );
    this.tasks = { measure: task('measure'), consistency: task('consistency'), compare: task('compare'), advise: task('advise') };
  }

  get hasFolder(): boolean {
    return this.inputs.folder !== null;
  }

  /** Everything a page that has just loaded has to be told. */
  snapshot(): readonly ToWebview[] {
    const results = taskNames.flatMap((task) => {
      const shown = this.shown.get(task);
      return shown === undefined ? [] : resultMessages(shown.result);
    });
    const unfinished = this.shown.has('measure') || this.unfinished === undefined ? [] : [this.unfinished];
    const states = taskNames.map((task): ToWebview => ({ kind: 'task', task, view: this.tasks[task].view }));
    return [this.inputsMessage(), ...unfinished, ...results, ...states];
  }

  /** Runs a task, ending the one of its kind that still runs. Resolves when the outcome has been sent; never rejects. */
  async start(name: TaskName): Promise<void> {
    this.shown.delete(name);
    if (name === 'measure') this.unfinished = undefined;
    const startedAt = performance.now();
    await this.tasks[name].run(async (progress) => {
      const onEvent = (event: EngineEvent): void => {
        if (!progress.signal.aborted) this.follow(event);
      };
      const order = await this.gather(onEvent, (error) => {
        if (name === 'measure') return [];
        throw error;
      });
      if (name === 'consistency' && order.images.length === 0) throw new ModelError('unreadable', 'Choose a folder of images first.');
      const key = resultKey(name, order);
      const result = await studyWork[name](order, progress);
      this.show(name, key, result);
      await this.services.results.save(key, { result, elapsedMs: performance.now() - startedAt }).catch((error: unknown) => {
        this.services.log.warn(`The result could not be kept: ${String(error)}`);
      });
      return result.backend;
    });
  }

  cancel(name: TaskName): void {
    this.tasks[name].cancel();
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
        this.services.log.error(error instanceof Error ? error : String(error));
      });
    }, settleMs);
  }

  /** The model was read anew. */
  modelChanged(): void {
    this.messages.fire(this.inputsMessage());
    this.reconsider();
  }

  /** What a task came to, if it has come to anything. */
  resultOf(name: TaskName): StudyResult | undefined {
    return this.shown.get(name)?.result;
  }

  /** Writes the maps of the measurement as arrays and pictures. @throws EngineError, ModelError */
  async writeMaps(folder: string): Promise<void> {
    const result = this.resultOf('measure');
    if (result?.task === 'measure') await this.services.engine.writeMaps(folder, result.measurement);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.lookup++;
    this.features.cancel();
    for (const task of Object.values(this.tasks)) task.dispose();
    this.messages.dispose();
    this.failures.dispose();
  }

  private async restore(): Promise<void> {
    const lookup = ++this.lookup;
    if (this.shown.size === 0 && (await this.services.results.isEmpty())) return;
    // A model or an image that cannot be read now has no result; the task itself says so when it is started.
    const gathered = await this.gather(
      () => undefined,
      () => [],
    ).catch(() => undefined);
    for (const name of taskNames) {
      const task = this.tasks[name];
      const key = gathered && resultKey(name, gathered);
      const isKnown = key !== undefined && this.shown.get(name)?.key === key;
      const kept = key === undefined || isKnown ? undefined : await this.services.results.load(key);
      if (lookup !== this.lookup) return;
      if (task.view.state === 'running') continue;
      if (kept === undefined || key === undefined) {
        task.mark(!isKnown);
        continue;
      }
      this.show(name, key, kept.result);
      task.restore(kept.result.backend, kept.elapsedMs);
    }
  }

  /** Everything that the tasks depend on, as it is now. @param withoutImages what to do where the folder cannot be read */
  private async gather(onEvent: StudyOrder['onEvent'], withoutImages: (error: unknown) => readonly ImageFile[]): Promise<StudyOrder> {
    const { target, inputs, services } = this;
    const model = await target.model();
    const digest = await modelDigest(model.source, model.graph, model.payload.bytes);
    const input = await inputOf(inputs);
    const images = await folderImages(inputs).catch(withoutImages);
    const digests = { model: digest, image: imageDigest(input), folder: await folderDigest(images) };
    return { engine: services.engine, model, digests, settings: target.settings(), choices: inputs.choices, input, images, onEvent };
  }

  private show(name: TaskName, key: string, result: StudyResult): void {
    this.shown.set(name, { key, result });
    for (const message of resultMessages(result)) this.messages.fire(message);
  }

  /** Maps are shown as they come. */
  private follow(event: EngineEvent): void {
    if (event.kind === 'started') {
      const { size, layers, notes, omitted } = event;
      this.unfinished = { kind: 'heatmaps', frame: circularFrame(size), heatmaps: layers.map(expectedHeatmap), notes, omitted };
      this.messages.fire(this.unfinished);
    } else if (event.kind === 'heatmap') {
      const heatmap = measuredHeatmap(event.heatmap, event.index);
      if (this.unfinished !== undefined)
        this.unfinished = { ...this.unfinished, heatmaps: this.unfinished.heatmaps.with(event.index, heatmap) };
      this.messages.fire({ kind: 'heatmap', heatmap });
    }
  }

  private inputsMessage(): ToWebview {
    const { image, folder, choices } = this.inputs;
    const graph = this.target.graph();
    const imageName = image === null ? null : basename(vscode.Uri.parse(image).path);
    return {
      kind: 'inputs',
      inputs: {
        imageName,
        folderName: folder === null ? null : basename(folder),
        choices,
        facts: graph === undefined ? null : factsOf(graph),
      },
    };
  }
}

function factsOf(graph: ModelGraph): InputsView['facts'] {
  try {
    const {
      images: [{ channels } = { channels: 0 }],
      declaredSize,
    } = imageInput(planarGraph(graph));
    const { name, reason } = choosePreprocessing(graph);
    return {
      layout: graph.layout === 'channels-first' ? 'channels, height, width' : 'height, width, channels',
      channels,
      declaredSize,
      guess: { name, reason },
    };
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
