import { describe, expect, it } from 'vitest';
import type { RunView } from '../../../src/panel-protocol/run';
import { runStatus } from '../../../webview/run/status';

const finished = { state: 'finished', backend: 'cpu', restored: false, stale: false } as const;

describe('status of a run', () => {
  it.each<[RunView, string, string]>([
    [{ state: 'idle' }, '', ''],
    [{ state: 'failed', message: 'Out of memory.' }, '', ''],
    [{ state: 'running', done: 0, backend: null, step: null }, 'Loading the model…', 'Loading the model…'],
    [{ state: 'running', done: 0.439, backend: 'cpu', step: null }, 'Backend: cpu · 43 % · 5 of 12 layers', 'Measuring, 25 percent.'],
    [{ state: 'running', done: 0.5, backend: 'cpu', step: 'tri-3' }, 'Backend: cpu · 50 % · tri-3', 'Measuring, 50 percent.'],
    [
      { state: 'running', done: 0.5, backend: 'cpu', step: null, remainingMs: 31_000 },
      'Backend: cpu · 50 % · 5 of 12 layers · about 35 s left',
      'Measuring, 50 percent.',
    ],
    [{ state: 'running', done: 0.5, backend: null, step: '3 of 6 images' }, '50 % · 3 of 6 images', 'Measuring, 50 percent.'],
    [{ state: 'cancelled' }, 'Cancelled after 5 of 12 layers.', 'Cancelled after 5 of 12 layers.'],
    [{ ...finished, elapsedMs: 512.3 }, 'Backend: cpu · 12 layers in 512 ms', 'Backend: cpu · 12 layers in 512 ms'],
    [{ ...finished, elapsedMs: 8421 }, 'Backend: cpu · 12 layers in 8.4 s', 'Backend: cpu · 12 layers in 8.4 s'],
    [
      { ...finished, elapsedMs: 8421, restored: true },
      'Backend: cpu · 12 layers in 8.4 s · kept from an earlier run',
      'Backend: cpu · 12 layers in 8.4 s · kept from an earlier run',
    ],
  ])('%j', (view, shown, spoken) => {
    expect(runStatus(view, { done: 5, total: 12, noun: 'layers' })).toEqual({ shown, spoken });
  });

  it('does not count what was never announced', () => {
    expect(runStatus({ state: 'cancelled' }, { done: 0, total: 0, noun: 'images' }).shown).toBe('Cancelled.');
  });
});
