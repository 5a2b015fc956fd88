import { EngineError } from '../../engine/protocol/protocol';
import type { TaskView } from '../../panel-protocol/messages';

/** What a task tells while it runs. */
export interface TaskProgress {
  readonly signal: AbortSignal;
  /** Share of the work, 0 to 1; the backend once it is known. */
  report(done: number, backend?: string, step?: string): void;
}

/** One kind of work of a panel: at most one run at a time, each new one ending the one before. */
export class PanelTask {
  private running: AbortController | undefined;
  private current: TaskView = { state: 'idle' };

  constructor(
    private readonly onChange: (view: TaskView) => void,
    private readonly onFail: (message: string) => void,
  ) {}

  get view(): TaskView {
    return this.current;
  }

  /** Resolves when the work has ended, one way or another; never rejects. @param work answers with the backend that ran */
  async run(work: (progress: TaskProgress) => Promise<string>): Promise<void> {
    this.running?.abort();
    const run = new AbortController();
    this.running = run;
    this.show({ state: 'running', done: 0, backend: null, step: null });
    const startedAt = performance.now();
    const report: TaskProgress['report'] = (done, backend, step) => {
      if (this.running !== run || this.current.state !== 'running') return;
      this.show({ state: 'running', done, backend: backend ?? this.current.backend, step: step ?? this.current.step });
    };
    try {
      const backend = await work({ signal: run.signal, report });
      if (this.running === run)
        this.show({ state: 'finished', backend, elapsedMs: performance.now() - startedAt, restored: false, stale: false });
    } catch (error) {
      if (this.running === run) this.fail(error);
    } finally {
      if (this.running === run) this.running = undefined;
    }
  }

  cancel(): void {
    this.running?.abort();
  }

  /** Shows a result of an earlier run; not while one runs. */
  restore(backend: string, elapsedMs: number): void {
    if (this.current.state !== 'running') this.show({ state: 'finished', backend, elapsedMs, restored: true, stale: false });
  }

  /** Whether what is shown belongs to the present model, input and options. */
  mark(stale: boolean): void {
    if (this.current.state === 'finished' && this.current.stale !== stale) this.show({ ...this.current, stale });
  }

  dispose(): void {
    this.cancel();
    this.running = undefined;
  }

  private fail(error: unknown): void {
    if (error instanceof EngineError && error.code === 'cancelled') {
      this.show({ state: 'cancelled' });
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.show({ state: 'failed', message });
    this.onFail(message);
  }

  private show(view: TaskView): void {
    this.current = view;
    this.onChange(view);
  }
}
