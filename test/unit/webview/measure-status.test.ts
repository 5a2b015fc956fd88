import { describe, expect, it } from 'vitest';
import type { MeasureView } from '../../../src/extension/webview-protocol';
import { measureStatus } from '../../../webview/measure-status';

describe('status of the measurement', () => {
  it.each<[MeasureView, string, string]>([
    [{ state: 'idle' }, '', ''],
    [{ state: 'failed', message: 'Out of memory.' }, '', ''],
    [{ state: 'running', done: 0, backend: null }, 'Loading the model…', 'Loading the model…'],
    [{ state: 'running', done: 0.439, backend: 'cpu' }, 'Backend: cpu · 43 % · 5 of 12 layers', 'Measuring, 25 percent.'],
    [{ state: 'cancelled' }, 'Cancelled after 5 of 12 layers.', 'Cancelled after 5 of 12 layers.'],
    [{ state: 'finished', backend: 'cpu', elapsedMs: 512.3 }, 'Backend: cpu · 12 layers in 512 ms', 'Backend: cpu · 12 layers in 512 ms'],
    [{ state: 'finished', backend: 'cpu', elapsedMs: 8421 }, 'Backend: cpu · 12 layers in 8.4 s', 'Backend: cpu · 12 layers in 8.4 s'],
  ])('%j', (measure, shown, spoken) => {
    expect(measureStatus(measure, 5, 12)).toEqual({ shown, spoken });
  });

  it('does not count layers that were never announced', () => {
    expect(measureStatus({ state: 'cancelled' }, 0, 0).shown).toBe('Cancelled.');
  });
});
