import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/protocol/engine-error';
import { StudyRuns } from '../../../src/extension/panel/runs/study-runs';
import type { RunProgress } from '../../../src/extension/panel/runs/progress';
import type { Study, StudyOutcome } from '../../../src/extension/panel/studies/study';
import type { ToPage } from '../../../src/panel-protocol/to-page';

const part: Extract<ToPage, { kind: 'classes' }> = { kind: 'classes', classes: null };
const outcome: StudyOutcome = { backend: 'cpu' };

/** A study whose outcome is shown by the class map of one class. */
const study: Study<'equivariance'> = {
  name: 'equivariance',
  command: 'measure',
  outcomeNoun: 'measurement',
  images: 'unused',
  dependencies: () => [],
  run: () => Promise.resolve(outcome),
  messages: ({ backend }) => [
    {
      kind: 'classes',
      classes: {
        period: [1, 1],
        step: [1, 1],
        classes: [0],
        shares: [{ label: backend.length, share: 1, name: null }],
        namedBy: null,
        scores: { meaning: 'probability', top: [1], unshifted: [1] },
      },
    },
  ],
  report: () => ({}),
  csv: () => '',
};

function runsOf(): { readonly runs: StudyRuns; readonly sent: ToPage[]; readonly failures: string[]; readonly states: () => string[] } {
  const sent: ToPage[] = [];
  const failures: string[] = [];
  const runs = new StudyRuns(study, {
    send: (message) => sent.push(message),
    fail: (name, message) => failures.push(`${name}: ${message}`),
  });
  return { runs, sent, failures, states: () => sent.flatMap((message) => (message.kind === 'run' ? [message.view.state] : [])) };
}

/** A run that ends when it is told to, or when it is cancelled. */
function pending(): {
  readonly execute: (progress: RunProgress) => Promise<StudyOutcome>;
  readonly progress: () => RunProgress;
  readonly end: () => void;
} {
  let given: RunProgress | undefined;
  let end: () => void = () => undefined;
  return {
    execute: (progress) => {
      given = progress;
      return new Promise((resolve, reject) => {
        end = () => {
          resolve(outcome);
        };
        progress.signal.addEventListener('abort', () => {
          reject(new EngineError('cancelled', 'Cancelled.'));
        });
      });
    },
    progress: () => given!,
    end: () => {
      end();
    },
  };
}

const keys = { key: 'key', alike: 'alike' };

describe('the runs of a study', () => {
  it('tell how far they are, then how they ended', async () => {
    const { runs, sent } = runsOf();
    await runs.run((progress) => {
      progress.report(0, 'cpu');
      progress.report(0.5, undefined, 'tri-3');
      return Promise.resolve(outcome);
    });
    expect(sent.map((message) => (message.kind === 'run' ? message.view : message))).toEqual([
      { state: 'running', done: 0, backend: null, step: null },
      { state: 'running', done: 0, backend: 'cpu', step: null },
      { state: 'running', done: 0.5, backend: 'cpu', step: 'tri-3' },
      { state: 'finished', backend: 'cpu', elapsedMs: expect.any(Number), restored: false, stale: false },
    ]);
  });

  it('replay the parts of a run that goes on or was cancelled to a page that has just loaded', async () => {
    const { runs, states } = runsOf();
    const work = pending();
    const running = runs.run(work.execute);
    work.progress().show(part);
    expect(runs.messages).toEqual([part]);
    runs.cancel();
    work.progress().show(part);
    await running;
    expect(states()).toEqual(['running', 'cancelled']);
    expect(runs.messages).toEqual([part]);
  });

  it('show an outcome in place of its parts, until the next run starts', async () => {
    const { runs } = runsOf();
    await runs.run((progress) => {
      progress.show(part);
      runs.show(keys, outcome);
      return Promise.resolve(outcome);
    });
    expect(runs.isShown('key')).toBe(true);
    expect(runs.messages).toEqual(study.messages(outcome));
    const work = pending();
    const running = runs.run(work.execute);
    expect([runs.outcome, runs.messages]).toEqual([undefined, []]);
    work.end();
    await running;
  });

  it('end the run before, of which nothing is told any more', async () => {
    const { runs, sent, states } = runsOf();
    const [first, second] = [pending(), pending()];
    const running = [runs.run(first.execute), runs.run(second.execute)];
    first.progress().report(0.9, 'late');
    first.progress().show(part);
    second.end();
    await Promise.all(running);
    expect(states()).toEqual(['running', 'running', 'finished']);
    expect(sent).not.toContainEqual(part);
  });

  it('report a failure to the page and to the user', async () => {
    const { runs, failures, states } = runsOf();
    await runs.run(() => Promise.reject(new EngineError('engine-exited', 'The engine ended.')));
    expect(states()).toEqual(['running', 'failed']);
    expect(failures).toEqual(['equivariance: The engine ended.']);
  });

  it('restore a kept outcome, but not over a run that goes on', async () => {
    const { runs, states } = runsOf();
    const work = pending();
    const running = runs.run(work.execute);
    runs.restore(keys, { outcome, elapsedMs: 7 });
    expect(runs.isShown('key')).toBe(false);
    work.end();
    await running;
    runs.restore(keys, { outcome, elapsedMs: 7 });
    expect(runs.state).toMatchObject({ view: { state: 'finished', elapsedMs: 7, restored: true, stale: false } });
    runs.mark(true);
    runs.mark(true);
    expect(states()).toEqual(['running', 'finished', 'finished', 'finished']);
    expect(runs.state).toMatchObject({ view: { stale: true } });
  });
});
