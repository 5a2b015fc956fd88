import { EngineError } from '../../../engine/protocol/engine-error';
import type { RunView } from '../../../panel-protocol/run';
import type { StudyMessages, StudyName } from '../../../panel-protocol/studies/table';
import type { ToPage } from '../../../panel-protocol/to-page';
import type { OutcomeKeys } from '../outcomes/key';
import type { KeptOutcome } from '../outcomes/store';
import type { Study, StudyOutcome } from '../studies/study';
import { RemainingTime } from '../../platform/remaining-time';
import type { RunProgress } from './progress';

/** What the page and the user have to be told. */
export interface RunListener {
  send(message: ToPage): void;
  /** A run ended with this message for the user. */
  fail(study: StudyName, message: string): void;
}

/** An outcome that is on show. */
export interface ShownOutcome extends OutcomeKeys {
  readonly outcome: StudyOutcome;
}

/** The runs of one study of a panel, at most one at a time, each new one ending the one before; and what the latest came to. */
export class StudyRuns {
  private running: AbortController | undefined;
  private view: RunView = { state: 'idle' };
  private shown: ShownOutcome | undefined;
  /** What has been shown of a run that goes on or was cancelled, for a page that is loaded meanwhile. */
  private parts: StudyMessages[StudyName][] = [];

  constructor(
    readonly study: Study,
    private readonly listener: RunListener,
  ) {}

  get isRunning(): boolean {
    return this.view.state === 'running';
  }

  /** What the latest run came to, if it has come to anything. */
  get outcome(): StudyOutcome | undefined {
    return this.shown?.outcome;
  }

  /** The same with its keys, where it is of the model, the input and the options as they are. */
  get current(): ShownOutcome | undefined {
    return this.view.state === 'finished' && !this.view.stale ? this.shown : undefined;
  }

  /** How the latest run stands, as the page is told. */
  get state(): ToPage {
    return { kind: 'run', study: this.study.name, view: this.view };
  }

  /** What the latest run has shown, for a page that has just loaded. */
  get messages(): readonly ToPage[] {
    return this.shown === undefined ? this.parts : this.study.messages(this.shown.outcome);
  }

  /** What names the outcome on show; undefined where there is none. */
  get shownKeys(): OutcomeKeys | undefined {
    return this.shown;
  }

  /** Whether what is shown has this key. */
  isShown(key: string): boolean {
    return this.shown?.key === key;
  }

  /** Resolves when the run has ended, one way or another; never rejects. @param execute shows the outcome and answers with it */
  async run(execute: (progress: RunProgress) => Promise<StudyOutcome>): Promise<void> {
    this.running?.abort();
    const run = new AbortController();
    this.running = run;
    this.shown = undefined;
    this.parts = [];
    this.tell({ state: 'running', done: 0, backend: null, step: null });
    const startedAt = performance.now();
    try {
      const { backend } = await execute(this.progressOf(run));
      if (this.running === run)
        this.tell({ state: 'finished', backend, elapsedMs: performance.now() - startedAt, restored: false, stale: false });
    } catch (error) {
      if (this.running === run) this.fail(error);
    } finally {
      if (this.running === run) this.running = undefined;
    }
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Shows an outcome. */
  show(keys: OutcomeKeys, outcome: StudyOutcome): void {
    this.shown = { ...keys, outcome };
    this.parts = [];
    for (const message of this.study.messages(outcome)) this.listener.send(message);
  }

  /** Shows the outcome of an earlier run; not while one goes on. */
  restore(keys: OutcomeKeys, { outcome, elapsedMs }: KeptOutcome): void {
    if (this.isRunning) return;
    this.show(keys, outcome);
    this.tell({ state: 'finished', backend: outcome.backend, elapsedMs, restored: true, stale: false });
  }

  /** Whether what is shown belongs to the present model, input and options. */
  mark(stale: boolean): void {
    if (this.view.state === 'finished' && this.view.stale !== stale) this.tell({ ...this.view, stale });
  }

  dispose(): void {
    this.cancel();
    this.running = undefined;
  }

  private progressOf(run: AbortController): RunProgress {
    const remaining = new RemainingTime();
    return {
      signal: run.signal,
      report: (done, backend, step) => {
        if (this.running !== run || this.view.state !== 'running') return;
        const remainingMs = remaining.after(done);
        this.tell({
          state: 'running',
          done,
          backend: backend ?? this.view.backend,
          step: step ?? this.view.step,
          ...(remainingMs !== undefined && { remainingMs }),
        });
      },
      show: (part) => {
        if (run.signal.aborted) return;
        this.parts.push(part);
        this.listener.send(part);
      },
    };
  }

  private fail(error: unknown): void {
    if (error instanceof EngineError && error.code === 'cancelled') {
      this.tell({ state: 'cancelled' });
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.tell({ state: 'failed', message });
    this.listener.fail(this.study.name, message);
  }

  private tell(view: RunView): void {
    this.view = view;
    this.listener.send(this.state);
  }
}
