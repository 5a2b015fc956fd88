import { t } from '@vscode/l10n';
import { remainingText } from '../../src/panel-protocol/remaining-text';
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
  readonly noun: Counted;
}

/** The things that runs count. */
export type Counted = 'layers' | 'images' | 'models' | 'fixes';

const took: Readonly<Record<Counted, (total: number, duration: string) => string>> = {
  layers: (total, duration) => t`${total} layers in ${duration}`,
  images: (total, duration) => t`${total} images in ${duration}`,
  models: (total, duration) => t`${total} models in ${duration}`,
  fixes: (total, duration) => t`${total} fixes in ${duration}`,
};
const shares: Readonly<Record<Counted, (done: number, total: number) => string>> = {
  layers: (done, total) => t`${done} of ${total} layers`,
  images: (done, total) => t`${done} of ${total} images`,
  models: (done, total) => t`${done} of ${total} models`,
  fixes: (done, total) => t`${done} of ${total} fixes`,
};

/** Texts for a state of a run; failures have a banner of their own. */
export function runStatus(view: RunView, { done, total, noun }: RunCount): RunStatus {
  switch (view.state) {
    case 'idle':
    case 'failed':
      return { shown: '', spoken: '' };
    case 'cancelled':
      return same(done === 0 ? t`Cancelled.` : t`Cancelled after ${shares[noun](done, total)}.`);
    case 'finished':
      return same(
        joined(view.backend, took[noun](total, durationText(view.elapsedMs)), view.restored ? t`kept from an earlier run` : null),
      );
    case 'running': {
      if (view.backend === null && view.step === null) return same(t`Loading the model…`);
      const percent = Math.floor(view.done * 100);
      return {
        shown: joined(
          view.backend,
          `${percent} %`,
          view.step ?? shares[noun](done, total),
          view.remainingMs === undefined ? null : remainingText(view.remainingMs),
        ),
        spoken: t`Measuring, ${Math.floor(percent / 25) * 25} percent.`,
      };
    }
  }
}

function joined(backend: string | null, ...parts: readonly (string | null)[]): string {
  return [backend === null ? null : t`Backend: ${backend}`, ...parts].filter((part) => part !== null).join(' · ');
}

function same(text: string): RunStatus {
  return { shown: text, spoken: text };
}

function durationText(elapsedMs: number): string {
  return elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1000).toFixed(1)} s`;
}
