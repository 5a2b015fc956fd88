import type { RunView } from '../../src/panel-protocol/run';

/** How a run stands, for the eye and, in fewer steps, for a screen reader. */
export interface RunStatus {
  readonly shown: string;
  readonly spoken: string;
}

/** What a run goes through. */
export interface RunCount {
  readonly done: number;
  readonly total: number;
  /** Plural: `layers`. */
  readonly noun: string;
}

/** Texts for a state of a run; failures have a banner of their own. */
export function runStatus(view: RunView, { done, total, noun }: RunCount): RunStatus {
  switch (view.state) {
    case 'idle':
    case 'failed':
      return { shown: '', spoken: '' };
    case 'cancelled':
      return same(done === 0 ? 'Cancelled.' : `Cancelled after ${done} of ${total} ${noun}.`);
    case 'finished':
      return same(
        `${backendText(view.backend)}${total} ${noun} in ${durationText(view.elapsedMs)}${view.restored ? ' · kept from an earlier run' : ''}`,
      );
    case 'running': {
      if (view.backend === null && view.step === null) return same('Loading the model…');
      const percent = Math.floor(view.done * 100);
      return {
        shown: `${backendText(view.backend)}${percent} % · ${view.step ?? `${done} of ${total} ${noun}`}`,
        spoken: `Measuring, ${Math.floor(percent / 25) * 25} percent.`,
      };
    }
  }
}

function backendText(backend: string | null): string {
  return backend === null ? '' : `Backend: ${backend} · `;
}

function same(text: string): RunStatus {
  return { shown: text, spoken: text };
}

function durationText(elapsedMs: number): string {
  return elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1000).toFixed(1)} s`;
}
