import * as vscode from 'vscode';
import type { Metric } from '../core/equivariance/measurement';
import type { EngineClient } from '../engine/client';
import { EngineError, type EngineEvent, type MeasureOptions, type ModelPayload } from '../engine/protocol';
import { expectedHeatmap, measuredHeatmap } from './heatmap-view';
import { patternInput, type MeasureInput } from './measure-input';
import type { ToWebview } from './webview-protocol';

/** What a session needs to know when a measurement starts; the model is taken as it is then, saved or not. */
export interface MeasureTarget {
  payload(): Promise<ModelPayload>;
  memoryBudgetBytes(): number;
}

type HeatmapsMessage = Extract<ToWebview, { kind: 'heatmaps' }>;
type MeasureMessage = Extract<ToWebview, { kind: 'measure' }>;

const staleNote = 'The model has changed since these maps were measured: measure again.';

/** The measurements of one panel: at most one runs, and the last one's maps stay until the next starts. */
export class MeasureSession implements vscode.Disposable {
  private running: AbortController | undefined;
  private metric: Metric = 'flat';
  private input: MeasureInput = patternInput;
  private measure: MeasureMessage['measure'] = { state: 'idle' };
  private heatmaps: HeatmapsMessage | undefined;
  private readonly messages = new vscode.EventEmitter<ToWebview>();
  private readonly failures = new vscode.EventEmitter<string>();
  /** What the panel has to be told, in order. */
  readonly onDidSend = this.messages.event;
  /** A measurement ended with this message for the user. */
  readonly onDidFail = this.failures.event;

  constructor(
    private readonly engine: EngineClient,
    private readonly target: MeasureTarget,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Everything a panel that has just loaded has to be told. */
  snapshot(): readonly ToWebview[] {
    const input: ToWebview = { kind: 'input', imageName: this.input.imageName };
    const measure: ToWebview = { kind: 'measure', measure: this.measure };
    return this.heatmaps === undefined ? [input, measure] : [input, this.heatmaps, measure];
  }

  useInput(input: MeasureInput): void {
    this.input = input;
    this.messages.fire({ kind: 'input', imageName: input.imageName });
  }

  /** Measures, ending a measurement that still runs. Resolves when the outcome has been sent; never rejects. */
  async start(metric: Metric = this.metric): Promise<void> {
    this.running?.abort();
    const run = new AbortController();
    this.running = run;
    this.metric = metric;
    this.heatmaps = undefined;
    this.report({ state: 'running', done: 0, backend: null });
    const startedAt = performance.now();
    try {
      const options: MeasureOptions = { metric, memoryBudgetBytes: this.target.memoryBudgetBytes() };
      const { backend } = await this.engine.measure(await this.target.payload(), this.input.spec, options, {
        onEvent: (event) => { if (this.running === run) this.follow(event); },
        signal: run.signal,
      });
      if (this.running === run) this.report({ state: 'finished', backend, elapsedMs: performance.now() - startedAt });
    } catch (error) {
      if (this.running === run) this.fail(error);
    } finally {
      if (this.running === run) this.running = undefined;
    }
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Says so where the maps belong to an earlier state of the model. */
  modelChanged(): void {
    const shown = this.heatmaps;
    if (shown === undefined || shown.notes.includes(staleNote)) return;
    this.heatmaps = { ...shown, notes: [staleNote, ...shown.notes] };
    this.messages.fire(this.heatmaps);
  }

  dispose(): void {
    this.cancel();
    this.running = undefined;
    this.messages.dispose();
    this.failures.dispose();
  }

  private follow(event: EngineEvent): void {
    switch (event.kind) {
      case 'started':
        this.heatmaps = {
          kind: 'heatmaps',
          imageSize: event.size,
          heatmaps: event.layers.map(expectedHeatmap),
          notes: event.notes,
          omitted: event.omitted,
        };
        this.messages.fire(this.heatmaps);
        this.report({ state: 'running', done: 0, backend: event.backend });
        break;
      case 'heatmap': {
        const heatmap = measuredHeatmap(event.heatmap, event.index);
        if (this.heatmaps !== undefined) {
          this.heatmaps = { ...this.heatmaps, heatmaps: this.heatmaps.heatmaps.with(event.index, heatmap) };
        }
        this.messages.fire({ kind: 'heatmap', heatmap });
        break;
      }
      case 'progress':
        this.report({ state: 'running', done: event.done, backend: this.measure.state === 'running' ? this.measure.backend : null });
        break;
      case 'measured':
      case 'deployed':
      case 'row':
      case 'classified':
      case 'ran':
      case 'wrote':
      case 'cancelled':
      case 'failed':
        // The promise of `measure` settles with these, or they answer another request.
        break;
    }
  }

  private fail(error: unknown): void {
    if (error instanceof EngineError && error.code === 'cancelled') {
      this.report({ state: 'cancelled' });
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message, error);
    this.report({ state: 'failed', message });
    this.failures.fire(message);
  }

  private report(measure: MeasureMessage['measure']): void {
    this.measure = measure;
    this.messages.fire({ kind: 'measure', measure });
  }
}
