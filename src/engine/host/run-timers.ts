import type { RunTold } from '../protocol/messages';

/** A timer for each run of a model that is under way in a process: a kernel that hangs tells nothing by itself. */
export class RunTimers {
  private readonly timers = new Map<number, NodeJS.Timeout>();

  /** @param onHung called where a run takes longer than its work may take */
  constructor(private readonly onHung: (limitMs: number) => void) {}

  hear(told: RunTold): void {
    clearTimeout(this.timers.get(told.run));
    this.timers.delete(told.run);
    if (told.kind === 'run-ended') return;
    const { run, limitMs } = told;
    const timer = setTimeout(
      () => {
        this.onHung(limitMs);
      },
      Math.min(limitMs, longestTimerMs),
    );
    timer.unref();
    this.timers.set(run, timer);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;
