import type { MeasureView } from '../src/extension/webview-protocol';

/** How the measurement stands, for the eye and, in fewer steps, for a screen reader. */
export interface MeasureStatus {
  readonly shown: string;
  readonly spoken: string;
}

/** Texts for a state of the measurement; failures have a banner of their own. */
export function measureStatus(measure: MeasureView, layersDone: number, layersTotal: number): MeasureStatus {
  switch (measure.state) {
    case 'idle':
    case 'failed':
      return { shown: '', spoken: '' };
    case 'cancelled':
      return same(layersDone === 0 ? 'Cancelled.' : `Cancelled after ${layersDone} of ${layersTotal} layers.`);
    case 'finished':
      return same(`Backend: ${measure.backend} · ${layersTotal} layers in ${durationText(measure.elapsedMs)}`);
    case 'running': {
      if (measure.backend === null) return same('Loading the model…');
      const percent = Math.floor(measure.done * 100);
      return {
        shown: `Backend: ${measure.backend} · ${percent} % · ${layersDone} of ${layersTotal} layers`,
        spoken: `Measuring, ${Math.floor(percent / 25) * 25} percent.`,
      };
    }
  }
}

function same(text: string): MeasureStatus {
  return { shown: text, spoken: text };
}

function durationText(elapsedMs: number): string {
  return elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1000).toFixed(1)} s`;
}
