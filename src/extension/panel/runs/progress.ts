import type { StudyMessages, StudyName } from '../../../panel-protocol/studies/table';

/** How a run is ended, and what it tells while it goes on. */
export interface RunProgress {
  readonly signal: AbortSignal;
  /** Share of the run that is done, 0 to 1; the backend once it is known; the step where there are several. */
  report(done: number, backend?: string, step?: string): void;
  /** Shows a part of the outcome that has arrived. */
  show(part: StudyMessages[StudyName]): void;
}
